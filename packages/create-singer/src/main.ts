import path from 'node:path';
import { createProject, CreateProjectError } from './create-project.js';

const USAGE = 'usage: create-singer tap tap-NAME | target target-NAME';

const HELP = `${USAGE}

Writes a Singer tap or target in TypeScript into a new folder of that name. It builds, runs and passes its
tests as it is. NAME: lower-case letters, digits and dashes.

Exit codes: 0 done; 2 bad usage, or the folder is not empty.
`;

const [kind, name, ...others] = process.argv.slice(2);
if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(HELP);
} else if ((kind !== 'tap' && kind !== 'target') || name === undefined || others.length > 0) {
  fail(USAGE);
} else {
  try {
    const folder = createProject({ kind, name, into: process.cwd() });
    const place = path.relative(process.cwd(), folder);
    process.stdout.write(
      `${place} is ready. Next:\n\n  cd ${place}\n  npm install\n  npm test\n\n` +
        'While @singer-io-ts/sdk is not on npm, install its tarball in place of `npm install`.\n',
    );
  } catch (error) {
    if (!(error instanceof CreateProjectError)) throw error;
    fail(error.message);
  }
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
