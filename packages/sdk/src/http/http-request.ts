import type { JsonValue } from '../json/json-value.js';
import { stringifyJson } from '../json/lossless.js';
import type { ResponseRule } from './response-rules.js';

export type QueryValue = string | number | boolean;

/** Parameters by name. A list is one parameter for each of its values; an undefined one is left out. */
export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[] | undefined>>;

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a request carries. */
export type RequestBody =
  { readonly json: JsonValue } | { readonly form: Query } | { readonly text: string; readonly contentType: string };

/** One request, as its caller sees it. A failure that may heal is retried, so it must be safe to make twice. */
export interface HttpRequest {
  /** @default GET */
  method?: HttpMethod | undefined;
  /** Appended to the client's address; or a whole address on the same server. */
  path: string;
  /** @default none */
  query?: Query | undefined;
  /** @default those of the client */
  headers?: Readonly<Record<string, string>> | undefined;
  /** @default none */
  body?: RequestBody | undefined;
  /** What answers mean; these come before those of the client. @default none */
  responses?: readonly ResponseRule[] | undefined;
}

/** Parameters as written in an address or a form. */
export function encodeQuery(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly QueryValue[]) : [value as QueryValue])
      search.append(name, String(one));
  }
  return search.toString();
}

/** A body as it is sent. */
export function encodeBody(body: RequestBody): { text: string; contentType: string } {
  if ('json' in body) return { text: stringifyJson(body.json), contentType: 'application/json' };
  if ('form' in body) return { text: encodeQuery(body.form), contentType: 'application/x-www-form-urlencoded' };
  return body;
}
