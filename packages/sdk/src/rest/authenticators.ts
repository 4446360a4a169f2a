import type { Authenticator } from '../http/authenticator.js';

/** Signs in with a key in a header of its own, such as `X-API-Key`. */
export function headerKey({ header, key }: { header: string; key: string }): Authenticator {
  return { sign: () => ({ headers: { [header]: key } }) };
}

/** Signs in with a key in the address, such as `?api_key=…`. */
export function queryKey({ parameter, key }: { parameter: string; key: string }): Authenticator {
  return { sign: () => ({ query: { [parameter]: key } }) };
}

/** Signs in with `Authorization: Bearer <token>`. */
export function bearer(token: string): Authenticator {
  return { sign: () => ({ headers: { Authorization: `Bearer ${token}` } }) };
}

/** Signs in with HTTP's basic scheme (RFC 7617, UTF-8). */
export function basic({ user, password }: { user: string; password: string }): Authenticator {
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  return { sign: () => ({ headers: { Authorization: `Basic ${credentials}` } }) };
}
