import { isJsonObject } from '../json/json-value.js';

/** What other languages write for numbers that JSON does not have. */
const NO_NUMBER = /[:,[]\s*(-?(?:NaN|Infinity|nan|inf))\s*[,\]}]/;
const STRING_OR_NO_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity|nan|inf)\b/g;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** A number that JSON does not have. */
export interface NoNumber {
  /** What is wrong, to follow the line's number. */
  message: string;
  property: string | undefined;
}

/** Finds a number that JSON does not have in a text that is no JSON. Names stream and property, never a value. */
export function describeNoNumber(text: string): NoNumber | undefined {
  // Strings may hold such words; what is left of the line is names, numbers and punctuation.
  const bare = text.replace(STRING, '""');
  const found = NO_NUMBER.exec(bare)?.[1];
  if (found === undefined) return undefined;
  const stream = nameIn(text, /"stream"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")/);
  const property = propertyOfNoNumber(text);
  const where = `${property === undefined ? '' : ` in property "${property}"`}${stream === undefined ? '' : ` of stream "${stream}"`}`;
  return {
    message: `holds ${found}${where}, which JSON does not have (RFC 8259, section 6); let the tap send null or a text instead`,
    property,
  };
}

/** Says why a line is no JSON, as far as that helps: numbers that JSON does not have are the most frequent reason. */
export const describeNotJson = (text: string): string =>
  describeNoNumber(text)?.message ?? 'is not valid JSON; is all that writes to this pipe a Singer tap?';

/** Of which stream, and with which property at fault, a RECORD line is that cannot be taken; undefined for other lines. */
export function refusedRecordIn(text: string): { stream: string; property: string | undefined } | undefined {
  const valid = text.replace(STRING_OR_NO_NUMBER, (found) => (found.startsWith('"') ? found : 'null'));
  let message: unknown;
  try {
    message = JSON.parse(valid);
  } catch {
    return undefined;
  }
  if (!isJsonObject(message) || message['type'] !== 'RECORD' || typeof message['stream'] !== 'string') return undefined;
  return { stream: message['stream'], property: valid === text ? undefined : propertyOfNoNumber(text) };
}

const propertyOfNoNumber = (text: string): string | undefined =>
  nameIn(text, /("[^"\\]*(?:\\.[^"\\]*)*")\s*:\s*-?(?:NaN|Infinity|nan|inf)\b/);

function nameIn(text: string, pattern: RegExp): string | undefined {
  const quoted = pattern.exec(text)?.[1];
  if (quoted === undefined) return undefined;
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
