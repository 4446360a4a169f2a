import pRetry from 'p-retry';
import { RateLimitError, ServerError } from '../errors/source-errors.js';
import { SingerError } from '../errors/singer-error.js';
import type { Clock } from './clock.js';

/** When and how long to wait before a call is made again. */
export interface RetryPolicy {
  /** How many times a call is made again after its first try. */
  maxRetries: number;
  /** The longest wait before the first retry; doubles with each one. */
  firstDelayMs: number;
  /** No wait that this side chooses is longer. */
  maxDelayMs: number;
  /** No wait that the server asks for (Retry-After) is honoured beyond this. */
  maxRetryAfterMs: number;
}

/** The policy of every HTTP call unless configured: five retries within about 16 seconds, two minutes for a server that asks. */
export const DEFAULT_RETRY_POLICY: Readonly<RetryPolicy> = {
  maxRetries: 5,
  firstDelayMs: 500,
  maxDelayMs: 30_000,
  maxRetryAfterMs: 120_000,
};

export interface RetryOptions {
  policy: RetryPolicy;
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  /** Ends waiting and retrying. */
  signal?: AbortSignal | undefined;
  /** Whether to give up before the retries are used up. @default never */
  isHopeless?: ((error: SingerError, attempt: number) => boolean) | undefined;
  /** Told before each wait. */
  onRetry?: ((retry: { error: SingerError; attempt: number; delayMs: number }) => void) | undefined;
}

/**
 * Makes a call until it succeeds, fails for good or has used up its retries; then its last error is thrown as it is.
 * Only errors that say `retriable` are retried: everything unknown is fatal.
 */
export async function withRetry<T>(call: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { policy, clock, random, signal, isHopeless, onRetry } = options;
  return pRetry(call, {
    retries: policy.maxRetries,
    // p-retry counts and decides; the waiting is done below, with our clock and the server's wishes.
    minTimeout: 0,
    maxTimeout: 0,
    ...(signal ? { signal } : {}),
    shouldRetry: async ({ error, attemptNumber }) => {
      if (!SingerError.isInstance(error) || !error.retriable || isHopeless?.(error, attemptNumber)) return false;
      const delayMs = retryDelay({ error, attempt: attemptNumber, policy, random });
      onRetry?.({ error, attempt: attemptNumber, delayMs });
      await clock.sleep(delayMs, signal);
      return true;
    },
  });
}

/**
 * The wait before the retry that follows attempt `attempt` (from 1). What the server asked for is honoured, up to the cap,
 * with a little jitter on top so that waiting clients do not return together; otherwise full jitter over an exponential bound.
 */
export function retryDelay({
  error,
  attempt,
  policy,
  random,
}: {
  error: unknown;
  attempt: number;
  policy: RetryPolicy;
  random: () => number;
}): number {
  const asked = RateLimitError.isInstance(error) || ServerError.isInstance(error) ? error.retryAfterMs : undefined;
  if (asked !== undefined) return Math.min(asked + random() * policy.firstDelayMs, policy.maxRetryAfterMs);
  const bound = Math.min(policy.firstDelayMs * 2 ** (attempt - 1), policy.maxDelayMs);
  // Half is fixed: a wait of nothing would hammer a server that is just coming back.
  return bound / 2 + (random() * bound) / 2;
}
