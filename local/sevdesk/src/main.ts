import { HELP, parseCommandLine, UsageError } from './cli-options.js';
import { LocalSevdesk } from './local-sevdesk.js';
import { FixtureError } from './store/fixtures.js';
import { JournalMismatchError } from './store/journal.js';

function fail(message: string, code: number): never {
  for (const line of message.split('\n')) process.stderr.write(`local sevDesk: ${line}\n`);
  process.exit(code);
}

/** What the system says of a folder that cannot be made or written to. */
const UNUSABLE_FOLDER = new Set(['EACCES', 'ENOTDIR', 'EEXIST', 'EROFS', 'EPERM']);

/** The one line that tells what went wrong; undefined for what should not happen. */
function explain(error: unknown): { message: string; code: number } | undefined {
  if (error instanceof UsageError || error instanceof FixtureError || error instanceof JournalMismatchError)
    return { message: error.message, code: 2 };
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'EADDRINUSE')
    return { message: 'the port is taken; choose another with --port, or 0 for a free one', code: 1 };
  if (UNUSABLE_FOLDER.has(String(error.code))) return { message: `--data cannot be used: ${error.message}`, code: 2 };
  return undefined;
}

async function main(): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2), process.env);
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const server = new LocalSevdesk(options);
  const url = await server.start();
  const stop = (): void => void server.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.stdout.write(`local sevDesk ready on ${url}\n`);
}

try {
  await main();
} catch (error) {
  const known = explain(error);
  if (known === undefined) throw error;
  fail(known.message, known.code);
}
