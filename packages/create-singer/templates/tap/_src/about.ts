export const about = { name: 'tap-example', version: '0.1.0', description: 'Reads items from an API.' };
