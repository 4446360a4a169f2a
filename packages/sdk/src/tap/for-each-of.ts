/**
 * As `for await`, but waits only for what is not there yet: a promise for each of many items costs more than most items do.
 *
 * @param act whether to continue after an item
 */
export async function forEachOf<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  act: (item: Item) => boolean | Promise<boolean>,
): Promise<void> {
  if (Symbol.asyncIterator in items) {
    for await (const item of items) {
      const goesOn = act(item);
      if (goesOn !== true && !(await goesOn)) return;
    }
  } else {
    for (const item of items) {
      const goesOn = act(item);
      if (goesOn !== true && !(await goesOn)) return;
    }
  }
}
