import { listenProblem } from 'local-ecb';
import { HELP, parseCommandLine, UsageError } from './cli-options.js';
import { LocalSevdesk } from './local-sevdesk.js';
import { FixtureError } from './store/fixtures.js';
import { JournalError } from './store/journal.js';

function fail(message: string): never {
  for (const line of message.split('\n')) process.stderr.write(`local sevDesk: ${line}\n`);
  process.exit(2);
}

/** The lines that tell what is to be changed; undefined for what should not happen. */
function explain(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof FixtureError || error instanceof JournalError)
    return error.message;
  return listenProblem(error, 'LOCAL_SEVDESK_PORT');
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
  fail(known);
}
