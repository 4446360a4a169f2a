/**
 * Does something for each item, so many at once, starting in order. On the first failure no further item is started,
 * `stop` is aborted, and when all that were started have ended, the first error is thrown.
 */
export async function forEachConcurrently<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<void>,
  stop: AbortController,
): Promise<void> {
  let failure: { error: unknown } | undefined;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let item = items[next]; item !== undefined && !failure && !stop.signal.aborted; item = items[next]) {
      next += 1;
      try {
        await act(item);
      } catch (error) {
        failure ??= { error };
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  if (failure) throw failure.error;
  stop.signal.throwIfAborted();
}
