import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { createHash, timingSafeEqual } from 'node:crypto';
import { countriesOf } from './reader.js';
import type { Reader } from './reader.js';
import { textsFor } from './texts-for.js';

/** Sign-in by a reverse proxy, which tells in a header who asks. */
export interface ProxySignIn {
  readonly userHeader: string;
  /** The header with the countries that the user may see; undefined: everyone sees all. */
  readonly countriesHeader?: string;
  /** The addresses that the proxy connects from; anyone else's headers mean nothing. */
  readonly addresses: readonly string[];
  /** What the proxy sends in `X-Dashboard-Secret`; undefined where being on loopback is enough. */
  readonly secret?: string;
}

export const SECRET_HEADER = 'X-Dashboard-Secret';

/** Lets requests pass that the proxy has signed in, and refuses all others. */
export function behindProxy(settings: ProxySignIn): MiddlewareHandler {
  return async (c, next) => {
    const reader = comesFromProxy(c, settings) ? readerOf(c, settings) : undefined;
    if (!reader) return c.text(`${textsFor(c).signInByProxy}\n`, 401);
    c.set('reader', reader);
    await next();
    return undefined;
  };
}

function comesFromProxy(c: Context, { addresses, secret }: ProxySignIn): boolean {
  const address = (getConnInfo(c).remote.address ?? '').replace(/^::ffff:/, '');
  if (!addresses.includes(address)) return false;
  return secret === undefined || isSame(c.req.header(SECRET_HEADER) ?? '', secret);
}

function readerOf(c: Context, { userHeader, countriesHeader }: ProxySignIn): Reader | undefined {
  const name = c.req.header(userHeader)?.trim() ?? '';
  if (name === '') return undefined;
  const countries = countriesHeader === undefined ? undefined : countriesOf(c.req.header(countriesHeader));
  return { name, ...(countries && { countries }) };
}

/** Compares without telling by its time how much is right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
