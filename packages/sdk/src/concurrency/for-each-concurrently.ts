/**
 * Does something for each item, so many at once, starting in order. On the first failure no further item is started,
 * `stop` is aborted, and when all that were started have ended, the first error is thrown.
 *
 * @param stop ends the work early, with its signal's reason
 */
export async function forEachConcurrently<T>(
  items: Iterable<T>,
  atOnce: number,
  act: (item: T, index: number) => Promise<void>,
  stop: AbortController = new AbortController(),
): Promise<void> {
  const rest = [...items].entries();
  let failure: { error: unknown } | undefined;
  const work = async (): Promise<void> => {
    // A for…of would end the iterator for the other workers when it is left.
    while (!failure && !stop.signal.aborted) {
      const next = rest.next();
      if (next.done === true) return;
      const [index, item] = next.value;
      try {
        await act(item, index);
      } catch (error) {
        failure ??= { error };
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failure) throw failure.error;
  stop.signal.throwIfAborted();
}
