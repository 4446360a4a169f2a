import { readFileSync } from 'node:fs';
import { runCommand } from '../cli/run-command.js';
import { runSinger } from './run-singer.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

await runCommand('singer', () => runSinger(process.argv.slice(2), version));
