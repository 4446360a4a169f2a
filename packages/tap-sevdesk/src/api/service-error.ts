import { ExactNumber, isJsonObject, type JsonValue, parseJson } from '@singer-io-ts/sdk';
import type { HttpResponse } from '@singer-io-ts/sdk/http';

/** The most of the service's own words that a message takes. */
const MAX_TEXT = 160;

/** What an answer of the service says about its error: code, its own words without secrets, and its name for support. */
export function serviceErrorOf(body: JsonValue): string | undefined {
  if (!isJsonObject(body) || !isJsonObject(body['error'])) return undefined;
  const { code, message, exceptionUUID } = body['error'];
  const parts = [`code ${plainText(scalarText(code) ?? 'unknown').slice(0, 20)}`];
  if (typeof message === 'string' && message.trim() !== '') parts.push(`"${plainText(message)}"`);
  if (typeof exceptionUUID === 'string' && /^[0-9a-f-]{36}$/i.test(exceptionUUID))
    parts.push(`exception ${exceptionUUID}`);
  return parts.join(', ');
}

/** The error in a refused answer. */
export function describeRefusal({ body }: HttpResponse): string | undefined {
  try {
    return serviceErrorOf(parseJson(body.toString('utf8').replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}

/** The status that the service means by an error which it answered with another: 401 for a refused key. */
export function errorStatusOf(body: JsonValue): number | undefined {
  if (!isJsonObject(body) || !isJsonObject(body['error'])) return undefined;
  const { error } = body;
  for (const value of [error['responseCode'], error['code'], error['status']]) {
    const text = scalarText(value) ?? '';
    if (/^[45]\d\d$/.test(text)) return Number(text);
  }
  return undefined;
}

/** One short line without what could be a key, an account, an address or a name of a mailbox. */
function plainText(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/[A-Za-z0-9+/_=-]{20,}/g, '…')
    .replace(/\S+@\S+/g, '…')
    .replace(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}\b/g, '…')
    .trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line;
}

function scalarText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber
    ? String(value)
    : undefined;
}
