/** Half of the length that Snowflake takes of a statement. */
const MAX_STATEMENT_LENGTH = 500_000;

/**
 * Groups texts that go into one statement each time, in their order, so that no statement becomes too long.
 *
 * @param most how many texts a statement takes
 */
export function inBatches(texts: readonly string[], most = Infinity): string[][] {
  const batches: string[][] = [];
  let length = Infinity;
  for (const text of texts) {
    if (length + text.length > MAX_STATEMENT_LENGTH || (batches.at(-1)?.length ?? 0) >= most) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)?.push(text);
    length += text.length;
  }
  return batches;
}
