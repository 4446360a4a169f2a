import { describeError, errorDetail, exitCodeOf } from '../errors/describe-error.js';
import { createLogger } from '../logging/create-logger.js';
import type { Logger } from '../logging/logger.js';

/** What a command's body works with. */
export interface CommandContext {
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
}

/**
 * Runs the body of a command and ends the process: one line on stderr for an error (its stack only at level debug)
 * and the exit code that says what a scheduler may conclude.
 */
export async function runCommand(name: string, body: (context: CommandContext) => Promise<void>): Promise<never> {
  const logger = createLogger(name, process.env);
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    logger.info(`${signal} received, stopping`);
    stop.abort();
  };
  process.once('SIGTERM', onSignal).once('SIGINT', onSignal);
  const fatal = (error: unknown): never => {
    logger.error(describeError(error), logger.isEnabled('debug') ? { exception: errorDetail(error) } : {});
    process.exit(exitCodeOf(error));
  };
  process.on('uncaughtException', fatal).on('unhandledRejection', fatal);
  try {
    await body({ logger, env: process.env, signal: stop.signal });
  } catch (error) {
    fatal(error);
  }
  process.exit(0);
}
