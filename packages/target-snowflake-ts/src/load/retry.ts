import { systemClock, withRetry, type Logger, type RetryPolicy } from '@singer-io-ts/sdk';

/** How long to wait between tries: doubling, with jitter, so that two runs do not meet again each time. */
const BACKOFF: Omit<RetryPolicy, 'maxRetries'> = { firstDelayMs: 500, maxDelayMs: 30_000, maxRetryAfterMs: 30_000 };

/**
 * Tries a load until it works, fails for good, or has failed too often. Only errors that say so are tried again; unknown ones never.
 *
 * @param act receives the number of the try, from 1
 */
export async function retryLoad<T>(
  act: (attempt: number) => Promise<T>,
  { retries, logger }: { retries: number; logger: Logger },
): Promise<T> {
  return withRetry(act, {
    policy: { ...BACKOFF, maxRetries: retries },
    clock: systemClock,
    random: Math.random,
    onRetry: ({ error }) => logger.warning(`${error.message}; trying again`),
  });
}
