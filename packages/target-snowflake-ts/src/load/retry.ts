import { SingerError, type Logger } from '@singer-io-ts/sdk';
import pRetry, { AbortError } from 'p-retry';

/** How long to wait between tries: doubling, with jitter, so that two runs do not meet again each time. */
const BACKOFF = { minTimeout: 500, maxTimeout: 30_000, factor: 2, randomize: true } as const;

/**
 * Tries something until it works, fails for good, or has failed too often. Only errors that say so are tried again; unknown ones never.
 *
 * @param act receives the number of the try, from 1
 */
export async function withRetry<T>(
  act: (attempt: number) => Promise<T>,
  { retries, logger }: { retries: number; logger: Logger },
): Promise<T> {
  return pRetry(
    async (attempt) => {
      try {
        return await act(attempt);
      } catch (error) {
        if (error instanceof SingerError && error.retriable) throw error;
        throw error instanceof Error ? new AbortError(error) : error;
      }
    },
    {
      ...BACKOFF,
      retries,
      onFailedAttempt: ({ error, retriesLeft }) => {
        if (retriesLeft > 0 && !(error instanceof AbortError)) logger.warning(`${error.message}; trying again`);
      },
    },
  );
}
