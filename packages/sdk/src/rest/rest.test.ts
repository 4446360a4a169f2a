import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExactNumber } from '../json/exact-number.js';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { silentLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import type { JsonSchema } from '../schema/json-schema.js';
import type { RecordsRequest } from '../tap/record-source.js';
import type { TapContext } from '../tap/tap.js';
import { basic, bearer, headerKey } from './authenticators.js';
import { OAuth2ClientCredentials } from './oauth2-client-credentials.js';
import type { Paginator } from './paginator.js';
import { cursorPages, linkedPages, linkHeaderPages, numberedPages, offsetPages } from './paginators.js';
import { RestApi, type RestApiOptions } from './rest-api.js';
import { RestStream } from './rest-stream.js';

type Handler = (request: IncomingMessage, url: URL, body: string) => unknown;

/** A server on this machine that answers what a test says, and remembers what it was asked. */
let server: Server;
let base: string;
let handler: Handler;
const asked: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
const metrics: string[] = [];

beforeAll(async () => {
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      const answer = handler(request, new URL(request.url ?? '', base), body) as {
        status?: number;
        headers?: Record<string, string>;
        body?: unknown;
      };
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? null));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  asked.splice(0);
  metrics.splice(0);
});

const ALL = Array.from({ length: 23 }, (_, id) => ({ id }));

function contextOf(): TapContext<unknown> {
  const logger = silentLogger();
  logger.isEnabled = () => true;
  logger.info = (line) => void metrics.push(line);
  return {
    plugin: { name: 'tap-x', version: '1.2.3' },
    config: {},
    logger,
    metrics: new Metrics(logger),
    signal: new AbortController().signal,
    options: {},
  };
}

class Listing extends RestStream {
  override readonly name = 'things';
  override readonly schema: JsonSchema = { type: 'object', properties: { id: { type: 'integer' } } };

  constructor(
    api: RestApi,
    override readonly path: string,
    override readonly recordsPath: string,
    private readonly pages: () => Paginator,
  ) {
    super(api);
  }

  override paginator(): Paginator {
    return this.pages();
  }
}

async function read(
  pages: () => Paginator,
  {
    recordsPath = 'data',
    path = '/things',
    context = {},
    ...options
  }: Partial<RestApiOptions> & { recordsPath?: string; path?: string; context?: JsonObject } = {},
): Promise<JsonObject[]> {
  const tap = contextOf();
  const api = new RestApi(tap, { baseUrl: base, retry: { maxRetries: 0 }, ...options });
  const request = requestOf(tap, context);
  const records: JsonObject[] = [];
  for await (const record of new Listing(api, path, recordsPath, pages).records(request)) records.push(record);
  return records;
}

const requestOf = ({ signal, logger }: TapContext<unknown>, context: JsonObject): RecordsRequest => ({
  context,
  since: undefined,
  signal,
  logger,
  skip: () => undefined,
  completeUntil: () => undefined,
});

const slice = (from: number, count: number): { id: number }[] => ALL.slice(from, from + count);
const numberOf = (url: URL, name: string): number => Number(url.searchParams.get(name));

describe('pages', () => {
  it.each<[string, () => Paginator, Handler, number]>([
    [
      'by offset, to a page that is not full',
      () => offsetPages({ limit: 5 }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'offset'), numberOf(url, 'limit')) } }),
      5,
    ],
    [
      'by offset, to the total',
      () => offsetPages({ limit: 23, totalPath: 'meta.total' }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'offset'), 10), meta: { total: '23' } } }),
      3,
    ],
    [
      'by number',
      () => numberedPages({ pageSize: 10, sizeParameter: 'per_page' }),
      (_r, url) => ({ body: { data: slice((numberOf(url, 'page') - 1) * 10, numberOf(url, 'per_page')) } }),
      3,
    ],
    [
      'by number from 0, while the answer says that more follow',
      () => numberedPages({ pageSize: 99, firstPage: 0, hasMorePath: 'more' }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'page') * 10, 10), more: numberOf(url, 'page') < 2 } }),
      3,
    ],
    [
      'by offset, from a server that gives at most ten at a time',
      () => offsetPages({ limit: 1000 }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'offset'), 10) } }),
      3,
    ],
    [
      'by offset, where the total is null',
      () => offsetPages({ limit: 8, totalPath: 'total' }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'offset'), 8), total: null } }),
      3,
    ],
    [
      'by number, past a page of which a filter left nothing',
      () => numberedPages({ pageSize: 12, hasMorePath: 'more' }),
      (_r, url) => ({
        body: {
          data: slice([0, 0, 23, 12][numberOf(url, 'page')] ?? 0, numberOf(url, 'page') === 2 ? 0 : 12).slice(0, 12),
          more: numberOf(url, 'page') < 3,
        },
      }),
      3,
    ],
    [
      'by a link that is parameters alone',
      () => linkedPages({ linkPath: 'next' }),
      (_r, url) => ({
        body:
          url.pathname === '/things'
            ? { data: slice(numberOf(url, 'from'), 12), next: numberOf(url, 'from') === 0 ? '?from=12' : null }
            : {},
      }),
      2,
    ],
    [
      'by cursor',
      () => cursorPages({ cursorPath: 'next', cursorParameter: 'after' }),
      (_r, url) => ({
        body: {
          data: slice(numberOf(url, 'after'), 10),
          next: numberOf(url, 'after') < 20 ? numberOf(url, 'after') + 10 : null,
        },
      }),
      3,
    ],
    [
      'by cursor, until the answer says that none follow',
      () => cursorPages({ cursorPath: 'next', cursorParameter: 'after', hasMorePath: 'more' }),
      (_r, url) => ({
        body: {
          data: slice(numberOf(url, 'after'), 10),
          next: String(numberOf(url, 'after') + 10),
          more: numberOf(url, 'after') < 20,
        },
      }),
      3,
    ],
    [
      'by Link header',
      () => linkHeaderPages(),
      (_r, url) => ({
        body: { data: slice(numberOf(url, 'from'), 10) },
        headers: {
          link: `<${base}/things?from=0>; rel="first"${numberOf(url, 'from') < 20 ? `, <${base}/things?from=${numberOf(url, 'from') + 10}>; rel="next"` : ''}`,
        },
      }),
      3,
    ],
    [
      'by a link in the answer',
      () => linkedPages({ linkPath: 'links.next' }),
      (_r, url) => ({
        body: {
          data: slice(numberOf(url, 'from'), 10),
          links: { next: numberOf(url, 'from') < 20 ? `${base}/things?from=${numberOf(url, 'from') + 10}` : null },
        },
      }),
      3,
    ],
  ])('%s give every record once', async (_title, pages, answer, calls) => {
    handler = answer;
    expect(await read(pages)).toEqual(ALL);
    expect(asked).toHaveLength(calls);
  });

  it.each(['/v1/things', 'things', './things', '../v1/things', ''])(
    'may be pointed to by an address that is relative to the page: "%s"',
    async (link) => {
      handler = (_request, url) => ({
        body: url.pathname === '/v1/things' ? { data: slice(numberOf(url, 'from'), 10) } : {},
        headers: numberOf(url, 'from') < 20 ? { link: `<${link}?from=${numberOf(url, 'from') + 10}>; rel="next"` } : {},
      });
      expect(await read(() => linkHeaderPages(), { baseUrl: `${base}/v1` })).toEqual(ALL);
    },
  );

  it('that cannot be read are reported without the query of their address', async () => {
    handler = (_request, url) =>
      url.searchParams.has('token') ? { body: '<html>' } : { body: { data: [], next: `${base}/things?token=hunter2` } };
    await expect(read(() => linkedPages({ linkPath: 'next' }))).rejects.toMatchObject({
      message: 'the response to GET /things is HTML or XML, not JSON',
    });
    handler = () => ({ body: { data: [], next: 'http://' } });
    await expect(read(() => linkedPages({ linkPath: 'next' }))).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });

  it('that lead in a circle end the run instead of going on for ever', async () => {
    handler = () => ({ body: { data: slice(0, 2), next: 'same' } });
    await expect(read(() => cursorPages({ cursorPath: 'next', cursorParameter: 'after' }))).rejects.toMatchObject({
      code: 'PAGINATION_LOOP',
    });
    expect(asked).toHaveLength(2);
  });

  it('on another server are not followed: it would see the credentials', async () => {
    handler = () => ({ body: { data: slice(0, 2), next: 'http://127.0.0.1:9/steal' } });
    await expect(
      read(() => linkedPages({ linkPath: 'next' }), { authenticator: bearer('secret') }),
    ).rejects.toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: expect.stringContaining('another server'),
    });
  });

  it('ask for the next one only when the records of this one are taken', async () => {
    handler = (_request, url) => ({ body: { data: slice(numberOf(url, 'offset'), 5) } });
    const tap = contextOf();
    const stream = new Listing(new RestApi(tap, { baseUrl: base }), '/things', 'data', () => offsetPages({ limit: 5 }));
    const records = stream.records(requestOf(tap, {}));
    for (let i = 0; i < 5; i += 1) await records.next();
    expect(asked).toHaveLength(1);
    await records.next();
    expect(asked).toHaveLength(2);
  });
});

describe('a listing', () => {
  it('takes its place in the address from the context, and its digits as they are', async () => {
    handler = () => ({ body: '[{"id":12345678901234567890}]' });
    const records = await read(() => offsetPages({ limit: 9 }), {
      recordsPath: '',
      path: '/users/{user_id}/posts',
      context: { user_id: 'a/b' },
    });
    expect(asked[0]!.path).toBe('/users/a%2Fb/posts?limit=9&offset=0');
    expect(records[0]!['id']).toEqual(new ExactNumber('12345678901234567890'));
  });

  it.each<[JsonValue, string | undefined]>([
    [new ExactNumber('12345678901234567891'), '/users/12345678901234567891'],
    [false, '/users/false'],
    ['ü?#', '/users/%C3%BC%3F%23'],
    ['..', undefined],
    ['', undefined],
    [null, undefined],
    [['a'], undefined],
  ])('has %j of the context in its address, or asks for nothing', async (id, address) => {
    handler = () => ({ body: [] });
    const listing = read(() => linkHeaderPages(), { recordsPath: '', path: '/users/{id}', context: { id } });
    if (address === undefined) await expect(listing).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
    else expect(await listing).toEqual([]);
    expect(asked.map(({ path }) => path)).toEqual(address === undefined ? [] : [address]);
  });

  it('has nothing in it where the answer is that there is no content', async () => {
    handler = () => ({ status: 204, body: '' });
    expect(await read(() => offsetPages({ limit: 9 }))).toEqual([]);
  });

  it.each([[{ data: {} }], [{}], [[]], [{ data: [1] }], [null]])(
    'that is none is an error, never zero records: %j',
    async (body) => {
      handler = () => ({ body });
      await expect(read(() => offsetPages({ limit: 9 }))).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
    },
  );

  it('names the tap to the server and measures every request', async () => {
    handler = () => ({ body: { data: [] } });
    await read(() => offsetPages({ limit: 9 }));
    expect(asked[0]!.headers['user-agent']).toBe('tap-x/1.2.3 (singer-io-ts)');
    expect(JSON.parse(metrics[0]!.replace('METRIC: ', ''))).toEqual({
      type: 'timer',
      metric: 'http_request_duration',
      value: expect.any(Number),
      tags: { endpoint: '/things', http_status_code: 200, status: 'succeeded' },
    });
  });

  it('is asked for no faster than allowed', async () => {
    handler = (_request, url) => ({ body: { data: slice(numberOf(url, 'offset'), 5) } });
    const startedAt = performance.now();
    await read(() => offsetPages({ limit: 5 }), { maxRequestsPerSecond: 50 });
    expect(performance.now() - startedAt).toBeGreaterThan(4 * 20 - 5);
  });
});

describe('sign-in', () => {
  const ok: Handler = () => ({ body: { data: [] } });

  it('by a key in a header, by bearer, by user and password', async () => {
    handler = ok;
    const authenticators = [
      headerKey({ header: 'X-Key', key: 'k' }),
      bearer('t'),
      basic({ user: 'ü', password: 'p:w' }),
    ];
    for (const authenticator of authenticators) await read(() => offsetPages({ limit: 1 }), { authenticator });
    expect(asked.map(({ headers }) => headers['x-key'] ?? headers.authorization)).toEqual([
      'k',
      'Bearer t',
      `Basic ${Buffer.from('ü:p:w').toString('base64')}`,
    ]);
  });

  describe('by OAuth 2 client credentials', () => {
    let tokens = 0;
    beforeEach(() => (tokens = 0));
    const oauth = (clock?: { now: () => number }): OAuth2ClientCredentials =>
      new OAuth2ClientCredentials({
        tokenUrl: `${base}/token`,
        clientId: 'id',
        clientSecret: 's3cret',
        scope: 'read',
        ...(clock ? { clock: { ...clock, sleep: () => Promise.resolve() } } : {}),
      });
    const service =
      (accepts: (token: string) => boolean): Handler =>
      (request, url) => {
        if (url.pathname === '/token') return { body: { access_token: `t${(tokens += 1)}`, expires_in: 3600 } };
        return accepts(request.headers.authorization ?? '') ? { body: { data: [] } } : { status: 401 };
      };

    it('fetches one token for all requests', async () => {
      handler = service(() => true);
      const authenticator = oauth();
      await Promise.all([1, 2, 3].map(() => read(() => offsetPages({ limit: 1 }), { authenticator })));
      expect(tokens).toBe(1);
      expect(asked[0]).toMatchObject({
        method: 'POST',
        body: 'grant_type=client_credentials&client_id=id&client_secret=s3cret&scope=read',
      });
      expect(asked.slice(1).map(({ headers }) => headers.authorization)).toEqual([
        'Bearer t1',
        'Bearer t1',
        'Bearer t1',
      ]);
    });

    it('renews the token before it expires, and when the server has forgotten it', async () => {
      let now = 1_000_000;
      const authenticator = oauth({ now: () => now });
      handler = service(() => true);
      await read(() => offsetPages({ limit: 1 }), { authenticator });
      now += 3_545_000;
      await read(() => offsetPages({ limit: 1 }), { authenticator });
      expect(tokens).toBe(2);
      now += 10_000;
      handler = service((token) => token === 'Bearer t3');
      await read(() => offsetPages({ limit: 1 }), { authenticator });
      expect(tokens).toBe(3);
    });

    it('gives up with exit code 3 when the credentials are refused, without saying them', async () => {
      for (const status of [400, 401]) {
        handler = () => ({ status, body: { error: 'invalid_client' } });
        const failed = read(() => offsetPages({ limit: 1 }), { authenticator: oauth() });
        await expect(failed).rejects.toMatchObject({
          code: 'AUTHENTICATION',
          exitCode: 3,
          message: expect.not.stringContaining('s3cret'),
        });
      }
    });

    it('gives up when even a new token is refused', async () => {
      handler = service(() => false);
      await expect(read(() => offsetPages({ limit: 1 }), { authenticator: oauth() })).rejects.toMatchObject({
        exitCode: 3,
      });
      expect(asked.filter(({ path }) => path.startsWith('/things'))).toHaveLength(2);
    });
  });
});
