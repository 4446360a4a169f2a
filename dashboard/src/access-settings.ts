import { isIPv4, isIPv6 } from 'node:net';
import type { OidcSignIn } from './access/oidc-sign-in.js';
import type { ProxySignIn } from './access/proxy-sign-in.js';
import type { Environment } from './environment.js';
import { SettingsError, list, optional, readAll, webAddress, wholeNumber } from './environment.js';

/** Who may read the dashboard, and at which address it listens. */
export interface AccessSettings {
  readonly listen: string;
  readonly signIn:
    { readonly by: 'nobody' } | ({ readonly by: 'proxy' } & ProxySignIn) | ({ readonly by: 'oidc' } & OidcSignIn);
}

const KINDS = ['none', 'proxy', 'oidc'] as const;
const LOOPBACK = ['127.0.0.1', '::1'];
const LEAST_SECRET = 16;
const DEFAULT_SESSION_MINUTES = 480;

/** @throws {SettingsError} with a line for each setting that is missing or wrong, and for an open door: other machines without a sign-in */
export function readAccessSettings(env: Environment): AccessSettings {
  const { listen, signIn } = readAll({ listen: () => readListen(env), signIn: () => readSignIn(env) });
  if (signIn.by === 'nobody' && !LOOPBACK.includes(listen))
    throw new SettingsError(
      `DASHBOARD_LISTEN is ${listen}, which other machines reach, and nobody has to sign in. Set DASHBOARD_SIGN_IN to proxy or oidc.`,
    );
  return { listen, signIn };
}

function readListen(env: Environment): string {
  const listen = optional(env, 'DASHBOARD_LISTEN') ?? '127.0.0.1';
  if (isIPv4(listen) || isIPv6(listen)) return listen;
  throw new SettingsError(`DASHBOARD_LISTEN is ${JSON.stringify(listen)}. It must be an IP address of this machine.`);
}

function readSignIn(env: Environment): AccessSettings['signIn'] {
  const kind = optional(env, 'DASHBOARD_SIGN_IN') ?? 'none';
  if (!KINDS.some((known) => known === kind))
    throw new SettingsError(`DASHBOARD_SIGN_IN is ${JSON.stringify(kind)}. It must be one of ${KINDS.join(', ')}.`);
  if (kind === 'proxy') return { by: 'proxy', ...readProxy(env) };
  return kind === 'oidc' ? { by: 'oidc', ...readOidc(env) } : { by: 'nobody' };
}

function readProxy(env: Environment): ProxySignIn {
  const named = list(env, 'DASHBOARD_PROXY_ADDRESSES');
  const wrong = named.find((address) => !isIPv4(address) && !isIPv6(address));
  if (wrong !== undefined)
    throw new SettingsError(`DASHBOARD_PROXY_ADDRESSES has ${JSON.stringify(wrong)}. It must hold IP addresses.`);
  const addresses = named.length === 0 ? LOOPBACK : named;
  const secret = optional(env, 'DASHBOARD_PROXY_SECRET');
  if (secret !== undefined && secret.length < LEAST_SECRET)
    throw new SettingsError(`DASHBOARD_PROXY_SECRET is too short. Use ${LEAST_SECRET} characters or more, at random.`);
  if (secret === undefined && addresses.some((address) => !LOOPBACK.includes(address)))
    throw new SettingsError(
      'DASHBOARD_PROXY_SECRET is not set. A proxy on another machine needs one: set it here and in the proxy.',
    );
  const countriesHeader = optional(env, 'DASHBOARD_PROXY_COUNTRIES_HEADER');
  return {
    userHeader: optional(env, 'DASHBOARD_PROXY_USER_HEADER') ?? 'X-Forwarded-User',
    addresses,
    ...(secret !== undefined && { secret }),
    ...(countriesHeader !== undefined && { countriesHeader }),
  };
}

function readOidc(env: Environment): OidcSignIn {
  const countriesClaim = optional(env, 'DASHBOARD_OIDC_COUNTRIES_CLAIM');
  const read = readAll({
    issuer: () => safeAddress(env, 'DASHBOARD_OIDC_ISSUER', 'https://login.example.com'),
    clientId: () => needed(env, 'DASHBOARD_OIDC_CLIENT_ID'),
    clientSecret: () => needed(env, 'DASHBOARD_OIDC_CLIENT_SECRET'),
    url: () => safeAddress(env, 'DASHBOARD_URL', 'https://figures.example.com'),
    sessionMinutes: () =>
      wholeNumber(env, 'DASHBOARD_SESSION_MINUTES', {
        fallback: DEFAULT_SESSION_MINUTES,
        minimum: 1,
        maximum: 43_200,
      }),
  });
  return {
    ...read,
    scope: optional(env, 'DASHBOARD_OIDC_SCOPE') ?? 'openid profile email',
    ...(countriesClaim !== undefined && { countriesClaim }),
  };
}

function needed(env: Environment, name: string): string {
  const value = optional(env, name);
  if (value !== undefined) return value;
  throw new SettingsError(`${name} is not set. DASHBOARD_SIGN_IN=oidc needs it.`);
}

/** A web address by TLS, or one of this machine. */
function safeAddress(env: Environment, name: string, example: string): string {
  needed(env, name);
  const address = webAddress(env, name, example);
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:' || hostname === 'localhost' || LOOPBACK.includes(hostname.replace(/[[\]]/g, '')))
    return address;
  throw new SettingsError(`${name} is ${address}. It must begin with https://, unless it is on this machine.`);
}
