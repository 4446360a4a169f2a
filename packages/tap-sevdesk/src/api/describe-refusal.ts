import { type JsonValue, parseJson } from '@singer-io-ts/sdk';
import type { HttpResponse } from '@singer-io-ts/sdk/http';
import { serviceErrorCode } from './decode-page.js';

/** The code with which the service refused a request; its message may hold customers' data and is left out. */
export function describeRefusal({ body }: HttpResponse): string | undefined {
  let value: JsonValue;
  try {
    value = parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
  return serviceErrorCode(value);
}
