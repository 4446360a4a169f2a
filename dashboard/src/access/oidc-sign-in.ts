import { Hono } from 'hono';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Configuration } from 'openid-client';
import * as oidc from 'openid-client';
import { html } from 'hono/html';
import { languageOf, textsFor } from './texts-for.js';
import type { SignInTexts } from './texts-for.js';
import { countriesOf } from './reader.js';
import type { Reader } from './reader.js';
import { Sessions } from './sessions.js';

/** Sign-in at a provider of OpenID Connect, by the authorization code flow with PKCE. */
export interface OidcSignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where browsers find the dashboard; `/sign-in/callback` below it is what the provider has to know. */
  readonly url: string;
  readonly scope: string;
  /** The claim with the countries that the user may see; undefined: everyone sees all. */
  readonly countriesClaim?: string;
  readonly sessionMinutes: number;
}

interface Session {
  readonly reader: Reader;
  readonly idToken: string;
}

/** A sign-in that has begun and not ended yet. */
interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly to: string;
}

const SIGN_IN_MS = 10 * 60_000;
const SESSIONS_AT_MOST = 10_000;
export const SIGN_IN_PATH = '/sign-in';
export const SIGN_OUT_PATH = '/sign-out';

/** What asks for a sign-in, and the pages of the sign-in itself. */
export interface OidcAccess {
  /** Lets requests with a session pass; sends pages to the sign-in, and answers everything else with 401. */
  readonly guard: MiddlewareHandler;
  readonly pages: Hono;
}

export function oidcAccess(
  settings: OidcSignIn,
  { now, log }: { now: () => number; log: (line: string) => void },
): OidcAccess {
  const sessions = new Sessions<Session>({
    ttlMs: settings.sessionMinutes * 60_000,
    atMost: SESSIONS_AT_MOST,
    now,
  });
  const begun = new Sessions<Begun>({ ttlMs: SIGN_IN_MS, atMost: SESSIONS_AT_MOST, now });
  const provider = discoverOnce(settings);
  const secure = settings.url.startsWith('https:');
  // Lax, since the way back from the provider comes from another site.
  const cookie = { httpOnly: true, sameSite: 'Lax', path: '/', secure } as const;
  // A browser takes a `__Host-` cookie from this host alone, over TLS.
  const nameOf = (name: string): string => (secure ? `__Host-${name}` : name);
  const SESSION = nameOf('dashboard_session');
  const BEGUN = nameOf('dashboard_sign_in');

  const guard: MiddlewareHandler = async (c, next) => {
    const session = sessions.find(getCookie(c, SESSION));
    if (session) {
      c.set('reader', session.reader);
      await next();
      return undefined;
    }
    const isPage = c.req.method === 'GET' && (c.req.header('Accept') ?? '').includes('text/html');
    if (!isPage) return c.text(`${textsFor(c).notSignedIn}.\n`, 401);
    const { pathname, search } = new URL(c.req.url);
    return c.redirect(`${SIGN_IN_PATH}?${new URLSearchParams({ to: pathname + search }).toString()}`);
  };

  const pages = new Hono();
  pages.get(SIGN_IN_PATH, async (c) => {
    const config = await provider().catch((error: unknown) =>
      log(`the sign-in service does not answer: ${String(error)}`),
    );
    if (!config) return c.html(refused(c, 'signInSilent'), 503);
    const verifier = oidc.randomPKCECodeVerifier();
    const attempt = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier, to: localPath(c, settings.url) };
    setCookie(c, BEGUN, begun.open(attempt), { ...cookie, maxAge: SIGN_IN_MS / 1000 });
    const address = oidc.buildAuthorizationUrl(config, {
      redirect_uri: `${settings.url}${SIGN_IN_PATH}/callback`,
      scope: settings.scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return c.redirect(address.href);
  });
  pages.get(`${SIGN_IN_PATH}/callback`, async (c) => {
    const attempt = begun.close(getCookie(c, BEGUN));
    deleteCookie(c, BEGUN, cookie);
    if (!attempt) return c.html(refused(c, 'signInExpired'), 401);
    try {
      const session = await finish(await provider(), settings, attempt, new URL(c.req.url).search);
      // A new id at each sign-in: one that was planted before it is worth nothing.
      sessions.close(getCookie(c, SESSION));
      setCookie(c, SESSION, sessions.open(session), { ...cookie, maxAge: settings.sessionMinutes * 60 });
      return c.redirect(attempt.to);
    } catch (error) {
      log(`sign-in refused: ${error instanceof Error ? error.message : String(error)}`);
      return c.html(refused(c, 'signInRefused'), 401);
    }
  });
  pages.post(SIGN_OUT_PATH, async (c) => {
    if (!isOwnForm(c, settings.url)) return c.text(`${textsFor(c).signOutHere}\n`, 403);
    const session = sessions.close(getCookie(c, SESSION));
    deleteCookie(c, SESSION, cookie);
    const config = await provider().catch(() => undefined);
    if (!session || config?.serverMetadata().end_session_endpoint === undefined) return c.redirect('/signed-out', 303);
    const address = oidc.buildEndSessionUrl(config, {
      id_token_hint: session.idToken,
      post_logout_redirect_uri: `${settings.url}/signed-out`,
    });
    return c.redirect(address.href, 303);
  });
  pages.get('/signed-out', (c) => c.html(page(c, 'signedOut', 'signedOutText')));
  return { guard, pages };
}

/** Exchanges the code, with state, nonce, signature, issuer and audience checked. */
async function finish(config: Configuration, settings: OidcSignIn, begun: Begun, search: string): Promise<Session> {
  const { state, nonce, verifier } = begun;
  // The address that the browser sees, which behind a proxy is not the one that arrives here.
  const address = new URL(`${settings.url}${SIGN_IN_PATH}/callback${search}`);
  const tokens = await oidc.authorizationCodeGrant(config, address, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims || tokens.id_token === undefined) throw new Error('the provider sent no ID token');
  const { countriesClaim } = settings;
  const isComplete = countriesClaim === undefined || Object.hasOwn(claims, countriesClaim);
  const known: Readonly<Record<string, unknown>> =
    isComplete || config.serverMetadata().userinfo_endpoint === undefined
      ? claims
      : { ...claims, ...(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)) };
  const name = [known['name'], known['email'], claims.sub].find((part) => typeof part === 'string') ?? claims.sub;
  const countries = countriesClaim === undefined ? undefined : countriesOf(known[countriesClaim]);
  return { idToken: tokens.id_token, reader: { name, ...(countries && { countries }) } };
}

/** Asks the provider for its addresses once, and again when that failed. */
function discoverOnce({ issuer, clientId, clientSecret }: OidcSignIn): () => Promise<Configuration> {
  let known: Promise<Configuration> | undefined;
  return () => {
    known ??= oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      // Settings let HTTP through for a provider on this machine only.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it is seen: it is for this machine alone
      execute: issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
    });
    known.catch(() => (known = undefined));
    return known;
  };
}

/** Whether a form of the dashboard's own was sent, and not one of another site. */
function isOwnForm(c: Context, base: string): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  const { origin } = new URL(base);
  return (c.req.header('Origin') ?? origin) === origin;
}

/** Where to go after the sign-in: a page of the dashboard's own, and nothing else. It is given whole, since `//host` alone leads elsewhere. */
function localPath(c: Context, base: string): string {
  const wanted = c.req.query('to') ?? '/';
  const { origin } = new URL(base);
  const address = URL.canParse(wanted, origin) ? new URL(wanted, origin) : undefined;
  return address?.origin === origin ? address.href : `${origin}/`;
}

const refused = (c: Context, reason: keyof SignInTexts): ReturnType<typeof html> => page(c, 'notSignedIn', reason);

/** A page of the sign-in, in the language of the browser. */
function page(c: Context, title: keyof SignInTexts, text: keyof SignInTexts): ReturnType<typeof html> {
  const texts = textsFor(c);
  return html`<!doctype html>
    <html lang="${languageOf(c)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${texts[title]} · ${texts.title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/dashboard.css" />
        <script src="/assets/theme.js"></script>
      </head>
      <body>
        <main class="tile problem">
          <h1>${texts[title]}</h1>
          <p>${texts[text]}</p>
          <p><a class="button" href="${SIGN_IN_PATH}">${texts.signIn}</a></p>
        </main>
      </body>
    </html> `;
}
