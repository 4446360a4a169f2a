export const about = {
  name: 'target-example',
  version: '0.1.0',
  description: 'Appends records to files of JSON lines.',
};
