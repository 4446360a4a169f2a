import { ConfigurationError, EXIT_CONFIGURATION } from './configuration-error.mjs';
import { endOnClosedOutput, endOnSignals, unlessStopping } from './processes.mjs';
import { CommandError } from './run.mjs';

/** A reader that has left must not take the script down before it has stopped what it started. */
function surviveClosedOutput() {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/**
 * Runs the body of a script. An error ends it with one clear line (and what the failed command printed), exit code 1; settings that
 * cannot be used, with a line for each and exit code 2. A signal ends what was started and exits with 128 + its number, unless the
 * script handles signals itself.
 *
 * @param {() => Promise<void>} body
 * @param {{ handlesSignals?: boolean }} [options] `handlesSignals`: the script has handlers of its own
 */
export async function main(body, { handlesSignals = false } = {}) {
  if (handlesSignals) surviveClosedOutput();
  else {
    endOnSignals();
    endOnClosedOutput();
  }
  try {
    await body();
  } catch (error) {
    await unlessStopping();
    if (error instanceof CommandError) process.stderr.write(error.output);
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    if (process.env['DEBUG']) process.stderr.write(`${error.stack}\n`);
    process.exit(error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1);
  }
}
