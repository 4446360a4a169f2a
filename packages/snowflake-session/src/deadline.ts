import { WarehouseUnavailableError } from '@singer-io-ts/sdk';

/** The driver gave no answer in time. What became of the statement is not known. */
export class DeadlineError extends WarehouseUnavailableError {}

export interface DeadlineOptions {
  /** What is waited for, for the message. */
  what: string;
  timeoutMs: number;
  /** Ends the waiting early, with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called when the waiting ends without an answer. */
  onGiveUp?: () => void;
}

/** A timer treats longer times as zero. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The driver retries for minutes on its own, and on an expired upload token for ever: every wait on it has an end. */
export function withDeadline<T>(
  { what, timeoutMs, signal, onGiveUp }: DeadlineOptions,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = (reason: unknown): void => {
      settle(reject)(reason);
      onGiveUp?.();
    };
    const abort = (): void => giveUp(signal?.reason);
    const timer = setTimeout(
      () => giveUp(new DeadlineError({ message: `${what} was not answered within ${Math.round(timeoutMs / 1000)} s` })),
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    const settle =
      <V>(then: (value: V) => void) =>
      (value: V): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        then(value);
      };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    try {
      start(settle(resolve), settle(reject));
    } catch (error) {
      settle(reject)(error);
    }
  });
}
