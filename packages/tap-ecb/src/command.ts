import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What the command is, without loading what it does. */
export const command = {
  name: 'tap-ecb',
  version,
  description: "Singer tap for the European Central Bank's euro foreign exchange reference rates",
};
