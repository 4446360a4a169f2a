import { createHmac } from 'node:crypto';
import type { Authenticator, SignableRequest } from '../http/authenticator.js';
import { systemClock, type Clock } from '../http/clock.js';

export interface HmacOptions {
  secret: string;
  /** The header that carries the signature. */
  header: string;
  /** A hash that Node knows. @default sha256 */
  algorithm?: string;
  /** @default hex */
  encoding?: 'hex' | 'base64';
  /** What is signed: the service's documentation says it. */
  message: (request: SignableRequest, timestampMs: number) => string;
  /** What stands before the signature, such as `HMAC-SHA256 `. @default nothing */
  prefix?: string;
  /** Further headers, such as the time that was signed and the name of the key. @default none */
  headers?: (request: SignableRequest, timestampMs: number) => Readonly<Record<string, string>>;
  /** @default the machine's clock */
  clock?: Clock;
}

/** Signs each request with a keyed hash of what it is about (RFC 2104). */
export function hmac(options: HmacOptions): Authenticator {
  const { secret, header, algorithm = 'sha256', encoding = 'hex', message, prefix = '', headers } = options;
  const { clock = systemClock } = options;
  return {
    sign: (request) => {
      const timestampMs = clock.now();
      const signature = createHmac(algorithm, secret).update(message(request, timestampMs)).digest(encoding);
      return { headers: { ...headers?.(request, timestampMs), [header]: `${prefix}${signature}` } };
    },
  };
}
