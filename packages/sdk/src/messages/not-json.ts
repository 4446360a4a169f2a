/** What other languages write for numbers that JSON does not have. */
const NO_NUMBER = /[:,[]\s*(-?(?:NaN|Infinity|nan|inf))\s*[,\]}]/;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/**
 * Says why a line is no JSON, as far as that helps: numbers that JSON does not have are the most frequent reason. Names stream and
 * property, never a value.
 */
export function describeNotJson(text: string): string {
  // Strings may hold such words; what is left of the line is names, numbers and punctuation.
  const bare = text.replace(STRING, '""');
  const found = NO_NUMBER.exec(bare)?.[1];
  if (found === undefined) return 'is not valid JSON; is all that writes to this pipe a Singer tap?';
  const stream = nameIn(text, /"stream"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")/);
  const property = nameIn(text, /("[^"\\]*(?:\\.[^"\\]*)*")\s*:\s*-?(?:NaN|Infinity|nan|inf)\b/);
  const where = `${property === undefined ? '' : ` in property "${property}"`}${stream === undefined ? '' : ` of stream "${stream}"`}`;
  return `holds ${found}${where}, which JSON does not have (RFC 8259, section 6); let the tap send null or a text instead`;
}

function nameIn(text: string, pattern: RegExp): string | undefined {
  const quoted = pattern.exec(text)?.[1];
  if (quoted === undefined) return undefined;
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
