import { jest } from '@jest/globals';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { MiddlewareHandler } from 'hono';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { oidcAccess } from '../src/access/oidc-sign-in.js';
import { behindProxy } from '../src/access/proxy-sign-in.js';
import type { Reader } from '../src/access/reader.js';

const MINUTE_MS = 60_000;
const SESSION_MINUTES = 30;
const servers: Server[] = [];

beforeAll(() => {
  // The provider warns that it is one for tests.
  for (const level of ['warn', 'info'] as const) jest.spyOn(console, level).mockImplementation(() => undefined);
});

afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** Serves an application on a free port of this machine. */
async function start(app: Hono): Promise<string> {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
  servers.push(server);
  if (!server.listening) await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An application of one page, which tells who reads it, behind a guard. */
function whoami(guard: MiddlewareHandler, app = new Hono()): Hono {
  app.use(guard);
  app.get('/*', (c) => c.json((c as unknown as { get: (name: string) => Reader }).get('reader')));
  return app;
}

/** A browser as far as cookies and redirects go; each redirect is one step. */
class Visitor {
  readonly cookies = new Map<string, string>();
  /** The Set-Cookie headers as they came. */
  readonly set: string[] = [];

  async ask(url: string, form?: Record<string, string>): Promise<Response> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        Accept: 'text/html',
        Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const header of response.headers.getSetCookie()) {
      this.set.push(header);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (value === '' || /Max-Age=0/i.test(header)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects until one leads to an address that `stops`, which it gives, or to a page. */
  async follow(
    from: Response,
    base: string,
    stops: (url: string) => boolean = () => false,
  ): Promise<string | Response> {
    let response = from;
    let at = base;
    for (let step = 0; step < 20; step += 1) {
      const location = response.headers.get('Location');
      if (location === null) return response;
      at = new URL(location, at).href;
      if (stops(at)) return at;
      response = await this.ask(at);
    }
    throw new Error('too many redirects');
  }
}

interface World {
  readonly url: string;
  readonly issuer: string;
  /** Moves the dashboard's clock. */
  readonly pass: (milliseconds: number) => void;
  readonly log: string[];
}

/** A provider of OpenID Connect and a dashboard's sign-in, each on a port of its own. */
async function makeWorld(): Promise<World> {
  let offset = 0;
  const log: string[] = [];
  const pages = new Hono();
  const url = await start(pages);
  // The provider has to know its address before it is made.
  const free = serve({ fetch: () => new Response(), port: 0, hostname: '127.0.0.1' }) as Server;
  if (!free.listening) await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((done) => free.close(done));
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'dashboard',
        client_secret: 'a-secret-of-the-test',
        redirect_uris: [`${url}/sign-in/callback`],
        post_logout_redirect_uris: [`${url}/signed-out`],
      },
    ],
    claims: { openid: ['sub', 'name', 'countries'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: `Ms ${sub}`, ...(sub === 'nobody' ? {} : { countries: ['de', 'AT'] }) }),
    }),
    cookies: { keys: ['for the test'] },
  });
  servers.push(provider.listen(port, '127.0.0.1'));
  const access = oidcAccess(
    {
      issuer,
      clientId: 'dashboard',
      clientSecret: 'a-secret-of-the-test',
      url,
      scope: 'openid',
      countriesClaim: 'countries',
      sessionMinutes: SESSION_MINUTES,
    },
    { now: () => Date.now() + offset, log: (line) => log.push(line) },
  );
  pages.route('/', access.pages);
  whoami(access.guard, pages);
  return { url, issuer, pass: (milliseconds) => (offset += milliseconds), log };
}

/** Signs in at the provider, and gives the address that leads back to the dashboard, not followed yet. */
async function untilCallback(
  visitor: Visitor,
  { url, issuer }: World,
  { login = 'alice', path = '/customers?q=x', change = (address: string) => address } = {},
): Promise<string> {
  const isBack = (address: string): boolean => address.startsWith(`${url}/sign-in/callback`);
  const asked = await visitor.follow(await visitor.ask(url + path), url, (at) => at.startsWith(issuer));
  let answer = await visitor.follow(await visitor.ask(change(asked as string)), issuer, isBack);
  for (const form of [{ prompt: 'login', login, password: 'any' }, { prompt: 'consent' }]) {
    if (typeof answer === 'string') return answer;
    const [, action = ''] = /action="([^"]+)"/.exec(await answer.text()) ?? [];
    answer = await visitor.follow(await visitor.ask(new URL(action, issuer).href, form), issuer, isBack);
  }
  return answer as string;
}

describe('sign-in by OpenID Connect', () => {
  let world: World;

  beforeAll(async () => {
    world = await makeWorld();
  });

  it('leads to the provider, back to the page that was asked for, and knows who reads it', async () => {
    const visitor = new Visitor();
    const back = await visitor.ask(await untilCallback(visitor, world));
    expect([back.status, back.headers.get('Location')]).toEqual([302, `${world.url}/customers?q=x`]);
    const page = await visitor.ask(`${world.url}/customers?q=x`);
    expect(await page.json()).toEqual({ name: 'Ms alice', countries: ['DE', 'AT'] });
    const cookies = visitor.set.filter((cookie) => cookie.startsWith('dashboard_'));
    expect(cookies.length).toBeGreaterThan(1);
    for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly.*SameSite=Lax/);
  });

  it('grants no country to someone whose sign-in names none', async () => {
    const visitor = new Visitor();
    await visitor.ask(await untilCallback(visitor, world, { login: 'nobody' }));
    expect(await (await visitor.ask(world.url)).json()).toEqual({ name: 'Ms nobody', countries: [] });
  });

  it('gives files and the age of the data to nobody who has not signed in', async () => {
    for (const path of ['/freshness.json', '/csv/invoices.csv'])
      expect((await fetch(world.url + path)).status).toBe(401);
    expect((await fetch(world.url, { headers: { Cookie: 'dashboard_session=guessed' } })).status).toBe(401);
  });

  it.each([
    ['en-GB,en;q=0.9', 'lang="en"', 'Signed out', 'This sign-in has expired', 'Sign in'],
    ['de-AT,de;q=0.9', 'lang="de"', 'Abgemeldet', 'Diese Anmeldung ist abgelaufen', 'Anmelden'],
  ])(
    'speaks the language of the browser before anybody has signed in: %s',
    async (accepted, lang, out, expired, again) => {
      const read = async (path: string): Promise<string> =>
        (await fetch(world.url + path, { headers: { 'Accept-Language': accepted } })).text();
      const signedOut = await read('/signed-out');
      for (const part of [lang, `<h1>${out}</h1>`, again]) expect(signedOut).toContain(part);
      expect(await read('/sign-in/callback?state=x')).toContain(expired);
    },
  );

  it.each([
    ['another state', (address: string) => address.replace(/state=[^&]+/, 'state=forged')],
    ['no state', (address: string) => address.replace(/state=[^&]+&?/, '')],
    ['another issuer', (address: string) => address.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example')],
    ['a code that is none', (address: string) => address.replace(/code=[^&]+/, 'code=forged')],
  ])('is refused for %s', async (_name, forge) => {
    const visitor = new Visitor();
    const answer = await visitor.ask(forge(await untilCallback(visitor, world)));
    expect(answer.status).toBe(401);
    expect((await visitor.ask(world.url)).headers.get('Location')).toMatch(/^\/sign-in\?/);
  });

  it('is refused for an ID token with the nonce of another sign-in', async () => {
    const visitor = new Visitor();
    const back = await untilCallback(visitor, world, {
      change: (address) => address.replace(/nonce=[^&]+/, 'nonce=of-another'),
    });
    expect((await visitor.ask(back)).status).toBe(401);
    expect(world.log.at(-1)).toMatch(/^sign-in refused: /);
  });

  it('is refused in a browser that did not begin it, a second time, and when it took too long', async () => {
    const visitor = new Visitor();
    const back = await untilCallback(visitor, world);
    expect((await new Visitor().ask(back)).status).toBe(401);
    expect((await visitor.ask(back)).status).toBe(302);
    expect((await visitor.ask(back)).status).toBe(401);
    const slow = new Visitor();
    const late = await untilCallback(slow, world);
    world.pass(11 * MINUTE_MS);
    expect((await slow.ask(late)).status).toBe(401);
  });

  it('ends when its time is over', async () => {
    const visitor = new Visitor();
    await visitor.ask(await untilCallback(visitor, world));
    world.pass((SESSION_MINUTES - 1) * MINUTE_MS);
    expect((await visitor.ask(world.url)).status).toBe(200);
    world.pass(2 * MINUTE_MS);
    expect((await visitor.ask(world.url)).status).toBe(302);
  });

  it('ends by signing out, here and at the provider, and not by a form of another site', async () => {
    const visitor = new Visitor();
    await visitor.ask(await untilCallback(visitor, world));
    const stolen = new Map(visitor.cookies);
    const foreign = await fetch(`${world.url}/sign-out`, {
      method: 'POST',
      headers: { Cookie: [...stolen].map((pair) => pair.join('=')).join('; '), 'Sec-Fetch-Site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
    const out = await visitor.ask(`${world.url}/sign-out`, {});
    expect([out.status, out.headers.get('Location')]).toEqual([
      303,
      expect.stringMatching(new RegExp(`^${world.issuer}/session/end\\?.*id_token_hint=`)),
    ]);
    for (const [name, value] of stolen) visitor.cookies.set(name, value);
    expect((await visitor.ask(world.url)).status).toBe(302);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    '/a/../..//x',
  ])('leads nowhere else afterwards, whatever is asked for (%s)', async (to) => {
    const visitor = new Visitor();
    const back = await untilCallback(visitor, world, { path: `/sign-in?${new URLSearchParams({ to }).toString()}` });
    const location = (await visitor.ask(back)).headers.get('Location') ?? '';
    expect(new URL(location).origin).toBe(world.url);
  });

  it('sends its cookies over TLS only, to one host only, where the dashboard is served by TLS', async () => {
    const pages = new Hono();
    const address = await start(pages);
    const settings = { clientId: 'dashboard', clientSecret: 'x', scope: 'openid', sessionMinutes: 1 };
    const access = oidcAccess(
      { ...settings, issuer: world.issuer, url: 'https://figures.example' },
      { now: Date.now, log: () => undefined },
    );
    pages.route('/', access.pages);
    const [cookie] = (await fetch(`${address}/sign-in`, { redirect: 'manual' })).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-dashboard_sign_in=.*Path=\/.*HttpOnly.*Secure.*SameSite=Lax/);
  });
});

describe('sign-in by a proxy', () => {
  const SECRET = 'a secret of the proxy';
  const headers = { 'X-Forwarded-User': 'alice', 'X-Dashboard-Secret': SECRET };
  const settings = {
    userHeader: 'X-Forwarded-User',
    countriesHeader: 'X-Countries',
    addresses: ['127.0.0.1'],
    secret: SECRET,
  };

  it('knows who reads, and what they may see', async () => {
    const url = await start(whoami(behindProxy(settings)));
    const read = async (more: Record<string, string>): Promise<unknown> =>
      (await fetch(url, { headers: { ...headers, ...more } })).json();
    expect(await read({ 'X-Countries': 'de, ch' })).toEqual({ name: 'alice', countries: ['DE', 'CH'] });
    expect(await read({ 'X-Countries': '*' })).toEqual({ name: 'alice' });
    expect(await read({})).toEqual({ name: 'alice', countries: [] });
  });

  it.each([
    ['without a user', settings, { 'X-Forwarded-User': '' }],
    ['without the secret', settings, { 'X-Dashboard-Secret': '' }],
    ['with another secret', settings, { 'X-Dashboard-Secret': `${SECRET}!` }],
    ['from another address', { ...settings, addresses: ['127.0.0.2'] }, {}],
  ])('lets nobody in %s', async (_name, own, more) => {
    const url = await start(whoami(behindProxy(own)));
    expect((await fetch(url, { headers: { ...headers, ...more } })).status).toBe(401);
  });
});
