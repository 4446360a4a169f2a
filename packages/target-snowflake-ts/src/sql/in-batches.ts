/** Half of the length that Snowflake takes of a statement. */
const MAX_STATEMENT_LENGTH = 500_000;

/** Groups texts that go into one statement each time, in their order, so that no statement becomes too long. */
export function inBatches(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let length = Infinity;
  for (const text of texts) {
    if (length + text.length > MAX_STATEMENT_LENGTH) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)?.push(text);
    length += text.length;
  }
  return batches;
}
