import { describeError, errorDetail, exitCodeOf } from '../errors/describe-error.js';
import { createLogger } from '../logging/create-logger.js';
import { ProgressLine } from '../logging/progress-line.js';
import type { Logger } from '../logging/logger.js';

/** What a command's body works with. */
export interface CommandContext {
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  /** A line for people who watch; shown only when stderr is a terminal and stdout is not. */
  readonly progress: ProgressLine;
}

/**
 * Runs the body of a command and ends the process: one line on stderr for an error (its stack only at level debug)
 * and the exit code that says what a scheduler may conclude.
 *
 * The first SIGTERM or SIGINT asks the body to stop at a point from which the next run can continue; a second one ends
 * the process at once.
 */
export async function runCommand(name: string, body: (context: CommandContext) => Promise<void>): Promise<never> {
  const progress = new ProgressLine(process.stdout.isTTY ? { write: () => false } : process.stderr);
  const logger = createLogger(name, process.env, () => progress.clear());
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info(`${signal} received, stopping`);
      stop.abort();
    });
  }
  const fatal = (error: unknown): never => {
    progress.stop();
    logger.error(describeError(error), logger.isEnabled('debug') ? { exception: errorDetail(error) } : {});
    process.exit(exitCodeOf(error));
  };
  process.on('uncaughtException', fatal).on('unhandledRejection', fatal);
  // Who writes to stdout looks after its errors; without a listener a closed pipe would also be thrown as uncaught.
  process.stdout.on('error', ignore);
  try {
    await body({ logger, env: process.env, signal: stop.signal, progress });
  } catch (error) {
    fatal(error);
  }
  process.exit();
}

const ignore = (): void => undefined;
