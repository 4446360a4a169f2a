import { isJsonObject, type JsonValue } from '../json/json-value.js';
import type { Answer } from './answer.js';

const MAX_TEXT = 200;
const MAX_ANSWER = 500;
const MASK = '***';

/** Properties in which services say what was wrong. Others may hold records, and are masked. */
const TELLING =
  /^(?:code|detail|details|description|error|errors|error_?code|error_?description|error_?message|fault|field|kind|message|messages|msg|reason|status|status_?code|title|type)$/i;

/** What looks like a token, a key or an e-mail address. */
const SUSPECT = [
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g,
  /\b(?=[\w/+-]*\d)(?=[\w/+-]*[A-Za-z])[\w/+-]{16,}={0,2}/g,
  /((?:api[_-]?key|token|secret|password|authorization|bearer|signature)["']?\s*[:= ]\s*["']?)[^\s"',;&}]+/gi,
] as const;

/**
 * What a service said when it refused, fit for messages and logs: the names of all properties, the values only of those in
 * which services say what was wrong, without anything that was sent as credentials or looks like some.
 *
 * @param secrets what was sent to sign in
 */
export function redactAnswer(answer: Answer, secrets: readonly string[]): string | undefined {
  const { json, text } = answer;
  if (json !== undefined) return JSON.stringify(masked(json, true, secrets)).slice(0, MAX_ANSWER);
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  // Free text may be anything, records included.
  return `${trimmed.startsWith('<') ? 'HTML or XML' : 'text'} of ${text.length} characters`;
}

/** The answer's own words, if it has some where services put them. */
export function wordsOf({ json }: Answer, secrets: readonly string[]): string | undefined {
  const words = isJsonObject(json) ? findWords(json) : undefined;
  return words === undefined ? undefined : maskText(words, secrets);
}

/** Depth first, in the order in which services nest their messages. */
function findWords(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (Array.isArray(value)) return value.map(findWords).find((words) => words !== undefined);
  if (!isJsonObject(value)) return undefined;
  for (const name of [
    'message',
    'error_description',
    'detail',
    'error',
    'errors',
    'title',
    'reason',
    'description',
    'msg',
    'fault',
    'messages',
    'code',
  ]) {
    const words = findWords(value[name]);
    if (words !== undefined) return words;
  }
  return undefined;
}

function masked(value: JsonValue, telling: boolean, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return telling ? maskText(value, secrets) : MASK;
  if (Array.isArray(value)) return value.slice(0, 5).map((one) => masked(one, telling, secrets));
  if (!isJsonObject(value)) return typeof value === 'boolean' || value === null || telling ? value : MASK;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, masked(inner ?? null, telling && TELLING.test(name), secrets)]),
  );
}

function maskText(text: string, secrets: readonly string[]): string {
  let safe = text.replace(/\s+/g, ' ');
  for (const secret of secrets) if (secret.length > 3) safe = safe.replaceAll(secret, MASK);
  for (const pattern of SUSPECT)
    safe = safe.replace(pattern, (_match, kept: unknown) => (typeof kept === 'string' ? `${kept}${MASK}` : MASK));
  return safe.length > MAX_TEXT ? `${safe.slice(0, MAX_TEXT)}…` : safe;
}
