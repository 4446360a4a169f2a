import { isUtf8 } from 'node:buffer';
import { UnexpectedResponseError } from '../errors/source-errors.js';
import type { JsonValue } from '../json/json-value.js';
import { parseJson, parseJsonVerbatim } from '../json/lossless.js';

/**
 * Parses a body as JSON without losing a digit; a byte order mark before it is left out.
 *
 * @param verbatim whether every number is to keep its text, zeros at its end included. @default false
 * @throws UnexpectedResponseError where the body is cut off, HTML or not UTF-8: all of which may heal
 */
export function parseJsonBody(
  body: Buffer,
  path: string,
  { verbatim = false }: { verbatim?: boolean } = {},
): JsonValue {
  if (!isUtf8(body)) throw new UnexpectedResponseError({ message: `the response to GET ${path} is not UTF-8` });
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  try {
    return verbatim ? parseJsonVerbatim(text) : parseJson(text);
  } catch {
    // The parser's own message quotes the text, which may be customers' data.
    throw new UnexpectedResponseError({ message: `the response to GET ${path} is ${describeText(text)}` });
  }
}

function describeText(text: string): string {
  const start = text.trimStart();
  if (start === '') return 'empty';
  if (start.startsWith('<')) return 'HTML or XML, not JSON';
  if (start.startsWith('{') || start.startsWith('['))
    return `JSON that ends or breaks within its ${text.length} characters`;
  return 'not JSON';
}
