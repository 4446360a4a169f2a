import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import { AuthenticationError } from '../errors/authentication-error.js';
import {
  NetworkError,
  RateLimitError,
  RequestRefusedError,
  ServerError,
  UnexpectedResponseError,
} from '../errors/source-errors.js';
import type { Clock } from './clock.js';
import { HttpClient, type HttpClientOptions } from './http-client.js';
import type { HttpResponse } from './http-response.js';
import { parseJsonBody } from './json-body.js';

const TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeed';

type Handler = (request: IncomingMessage, response: ServerResponse, call: number) => void;

/** A real server that answers as told, and a client whose waits take no time. */
class Wire {
  readonly calls: string[] = [];
  readonly sockets = new Set<Socket>();
  readonly waits: number[] = [];
  readonly clients: HttpClient[] = [];
  readonly #server: Server;
  handler: Handler = (_request, response) => response.end('{}');

  constructor() {
    this.#server = createServer((request, response) => {
      this.calls.push(request.url ?? '');
      this.handler(request, response, this.calls.length);
    });
    this.#server.on('connection', (socket) => this.sockets.add(socket));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v1`;
  }

  client(options: Partial<HttpClientOptions> = {}): HttpClient {
    const clock: Clock = {
      now: () => Date.now(),
      sleep: async (ms) => {
        this.waits.push(ms);
      },
    };
    const client = new HttpClient({
      baseUrl: this.baseUrl,
      userAgent: 'test-agent/1.0',
      headers: { Authorization: TOKEN },
      requestTimeoutMs: 5_000,
      clock,
      random: () => 0,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

const json = (response: HttpResponse): unknown => parseJsonBody(response.body, '/List');
const errorOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

let wire: Wire;
beforeEach(async () => {
  wire = new Wire();
  await wire.listen();
});
afterEach(() => wire.close());

describe('HttpClient', () => {
  it('sends path, query, credentials and its name, and hands over the answer', async () => {
    let seen: IncomingMessage['headers'] = {};
    wire.handler = (request, response) => {
      seen = request.headers;
      response.setHeader('Date', 'Sun, 25 Oct 2026 00:30:00 GMT').end('{"big":12345678901234567890}');
    };
    const answer = await wire.client().get('/List', { 'invoice[id]': 7, countAll: true }, (response) => ({
      status: response.status,
      date: response.serverDateMs,
      body: String((json(response) as { big: unknown }).big),
    }));
    expect(answer).toEqual({ status: 200, date: Date.UTC(2026, 9, 25, 0, 30), body: '12345678901234567890' });
    expect(wire.calls).toEqual(['/api/v1/List?invoice%5Bid%5D=7&countAll=true']);
    expect(seen).toMatchObject({ authorization: TOKEN, 'user-agent': 'test-agent/1.0', accept: 'application/json' });
  });

  it('keeps its connections and never has more requests under way than allowed', async () => {
    let underWay = 0;
    let most = 0;
    wire.handler = (_request, response) => {
      most = Math.max(most, (underWay += 1));
      setTimeout(() => {
        underWay -= 1;
        response.end('{}');
      }, 5);
    };
    const client = wire.client({ maxConcurrency: 3 });
    await Promise.all(Array.from({ length: 30 }, () => client.get('/List', {}, json)));
    expect(most).toBe(3);
    expect(wire.sockets.size).toBeLessThanOrEqual(3);
  });

  describe('retries what may heal', () => {
    const failures: [string, Handler, unknown][] = [
      ['500', (_request, response) => response.writeHead(500).end('oops'), ServerError],
      ['503', (_request, response) => response.writeHead(503).end(), ServerError],
      ['429', (_request, response) => response.writeHead(429).end(), RateLimitError],
      ['a reset connection', (request) => request.socket.destroy(), NetworkError],
      [
        'a body that breaks off',
        (request, response) =>
          void response.writeHead(200, { 'Content-Length': '100' }).write('{"a"', () => request.socket.destroy()),
        NetworkError,
      ],
      [
        'cut JSON in a whole body',
        (_request, response) => response.end('{"objects":[{"id":"1"'),
        UnexpectedResponseError,
      ],
      [
        'HTML with status 200',
        (_request, response) => response.end('<html>maintenance</html>'),
        UnexpectedResponseError,
      ],
      ['an empty body', (_request, response) => response.end(), UnexpectedResponseError],
      [
        'bytes that are no UTF-8',
        (_request, response) => response.end(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
        UnexpectedResponseError,
      ],
    ];

    it.each(failures)('%s, and goes on when it has passed', async (_what, fail) => {
      wire.handler = (request, response, call) => {
        if (call < 3) fail(request, response, call);
        else response.end('{"ok":true}');
      };
      expect(await wire.client().get('/List', {}, json)).toEqual({ ok: true });
      expect(wire.calls).toHaveLength(3);
      expect(wire.waits).toHaveLength(2);
    });

    it.each(failures)('%s, a bounded number of times', async (_what, fail, kind) => {
      wire.handler = fail;
      expect(await errorOf(wire.client({ retry: { maxRetries: 2 } }).get('/List', {}, json))).toBeInstanceOf(kind);
      expect(wire.calls).toHaveLength(3);
    });

    it('with waits that grow and are jittered, up to a bound', async () => {
      wire.handler = (_request, response) => response.writeHead(500).end();
      const retry = { maxRetries: 6, firstDelayMs: 100, maxDelayMs: 1000 };
      await errorOf(wire.client({ retry }).get('/List', {}, json));
      expect(wire.waits).toEqual([50, 100, 200, 400, 500, 500]);
      wire.waits.length = 0;
      await errorOf(wire.client({ retry, random: () => 0.5 }).get('/List', {}, json));
      expect(wire.waits).toEqual([75, 150, 300, 600, 750, 750]);
    });
  });

  describe('waits as long as the server asks', () => {
    const wait = async (headers: Record<string, string>, status = 429): Promise<number | undefined> => {
      wire.handler = (_request, response, call) => {
        if (call === 1) response.writeHead(status, headers).end();
        else response.end('{}');
      };
      await wire.client({ retry: { maxRetryAfterMs: 60_000 } }).get('/List', {}, json);
      return wire.waits[0];
    };

    it('in seconds', async () => expect(await wait({ 'Retry-After': '7' })).toBe(7000));
    it('until a date, by the server’s own clock', async () =>
      expect(
        await wait({ 'Retry-After': 'Mon, 01 Jun 2020 12:00:09 GMT', Date: 'Mon, 01 Jun 2020 12:00:00 GMT' }),
      ).toBe(9000));
    it('not at all for a date that has passed', async () =>
      expect(
        await wait({ 'Retry-After': 'Mon, 01 Jun 2020 11:00:00 GMT', Date: 'Mon, 01 Jun 2020 12:00:00 GMT' }),
      ).toBe(0));
    it('but never longer than the cap', async () =>
      expect(await wait({ 'Retry-After': '86400000000000000000' })).toBe(60_000));
    it('and as usual where it says nothing usable', async () => {
      expect(await wait({ 'Retry-After': 'soon' })).toBe(250);
    });
    it('for a 503 as well', async () => expect(await wait({ 'Retry-After': '3' }, 503)).toBe(3000));
  });

  it.each([
    ['a server that never answers', (_request: IncomingMessage, _response: ServerResponse) => undefined],
    [
      'a body that drips',
      (request: IncomingMessage, response: ServerResponse) => {
        response.write('{');
        const drip = setInterval(() => response.write(' '), 20);
        request.socket.on('close', () => clearInterval(drip));
      },
    ],
  ])('gives up on %s at the deadline', async (_what, handler) => {
    wire.handler = handler;
    const error = await errorOf(
      wire.client({ requestTimeoutMs: 1_000, retry: { maxRetries: 1 } }).get('/List', {}, json),
    );
    expect(error).toBeInstanceOf(NetworkError);
    expect((error as Error).message).toContain('did not complete its response to GET /List within 1 s');
    expect(wire.calls).toHaveLength(2);
  });

  it('ends only the request that a 403 refuses', async () => {
    wire.handler = (_request, response, call) => {
      if (call === 1) response.writeHead(403).end();
      else response.end('ok');
    };
    const http = wire.client();
    await expect(http.get('/a', {}, () => undefined)).rejects.toMatchObject({ code: 'ACCESS_DENIED', exitCode: 3 });
    await expect(http.get('/b', {}, () => 'read')).resolves.toBe('read');
  });

  it('sends nothing more after a 401, and drops what is under way', async () => {
    wire.handler = (_request, response, call) => {
      if (call === 3) response.writeHead(401).end();
    };
    const client = wire.client({ maxConcurrency: 3, advice: { authentication: 'check setting "api_key"' } });
    const errors = await Promise.all(Array.from({ length: 8 }, () => errorOf(client.get('/List', {}, json))));
    for (const error of errors) expect(error).toBeInstanceOf(AuthenticationError);
    expect((errors[0] as Error).message).toContain('HTTP 401 for GET /List): check setting "api_key"');
    expect(await errorOf(client.get('/Other', {}, json))).toBeInstanceOf(AuthenticationError);
    expect(wire.calls).toHaveLength(3);
    expect(wire.waits).toEqual([]);
  });

  it('does not retry what the server refuses as such, nor follow a redirect', async () => {
    wire.handler = (_request, response) => response.writeHead(400).end('{"error":{"code":42}}');
    const describeRefusal = ({ body }: HttpResponse): string => `code ${body.toString().replace(/\D/g, '')}`;
    const refused = await errorOf(wire.client({ describeRefusal }).get('/List', {}, json));
    expect(refused).toBeInstanceOf(RequestRefusedError);
    expect((refused as Error).message).toBe('the server refused GET /List (HTTP 400, code 42)');
    expect(wire.calls).toHaveLength(1);

    wire.handler = (_request, response) => response.writeHead(302, { Location: `${wire.baseUrl}/elsewhere` }).end();
    const redirected = await errorOf(wire.client().get('/List', {}, json));
    expect(redirected).toBeInstanceOf(RequestRefusedError);
    expect((redirected as Error).message).toContain(`was redirected (HTTP 302) to ${wire.baseUrl}/elsewhere`);
    expect(wire.calls).toEqual(['/api/v1/List', '/api/v1/List']);
  });

  it('lets the caller give up on what might heal, and says when an answer was too much', async () => {
    wire.handler = (_request, response) => response.writeHead(504).end();
    const failed = await errorOf(wire.client().get('/List', {}, json, { giveUp: () => true }));
    expect(failed).toMatchObject({ code: 'SERVER', status: 504 });
    wire.handler = (_request, response) => response.end(`{"text":"${'x'.repeat(5000)}"}`);
    const large = await errorOf(wire.client({ maxBodyBytes: 1000, retry: { maxRetries: 0 } }).get('/List', {}, json));
    expect(large).toMatchObject({ code: 'NETWORK', tooMuch: true });
    expect((large as Error).message).toContain('is larger than the limit');
  });

  it('tries an address that never answered a few times only', async () => {
    const client = wire.client({ baseUrl: 'http://127.0.0.1:9/api', retry: { maxRetries: 9 } });
    expect(await errorOf(client.get('/List', {}, json))).toBeInstanceOf(NetworkError);
    expect(wire.waits).toHaveLength(2);
  });

  it('ends the run where nothing has ever answered, and a stream alone once something has', async () => {
    const hangUp: Handler = (request) => request.socket.destroy();
    wire.handler = hangUp;
    const once = { retry: { maxRetries: 1 } };
    expect(await errorOf(wire.client(once).get('/List', {}, json))).toMatchObject({ code: 'NETWORK', endsRun: true });
    const noTls = wire.client({ ...once, baseUrl: wire.baseUrl.replace('http:', 'https:') });
    const failed = await errorOf(noTls.get('/List', {}, json));
    expect(failed).toMatchObject({ code: 'NETWORK', endsRun: true });
    expect((failed as Error).message).toMatch(
      /^GET \/List: an https:\/\/ address is configured, and no TLS is spoken by/,
    );
    const client = wire.client(once);
    wire.handler = (_request, response) => response.end('{}');
    await client.get('/List', {}, json);
    wire.handler = hangUp;
    expect(await errorOf(client.get('/List', {}, json))).toMatchObject({ code: 'NETWORK', endsRun: false });
    const large = wire.client({ maxBodyBytes: 10, ...once });
    wire.handler = (_request, response) => response.end('{"text":"longer than ten"}');
    expect(await errorOf(large.get('/List', {}, json))).toMatchObject({ tooMuch: true, endsRun: false });
  });

  it('ends the run where a proxy asks for a sign-in: it stands before every stream', async () => {
    wire.handler = (_request, response) => response.writeHead(407).end();
    const error = await errorOf(wire.client().get('/List', {}, json));
    expect(error).toMatchObject({ code: 'REQUEST_REFUSED', endsRun: true });
    expect((error as Error).message).toContain('the proxy asks for a sign-in (HTTP 407');
  });

  it('names the host that nothing answers at, and what to check', async () => {
    const unreachable = wire.client({
      baseUrl: 'http://127.0.0.1:9/api',
      retry: { maxRetries: 0 },
      advice: { network: 'check setting "api_url"' },
    });
    expect(((await errorOf(unreachable.get('/List', {}, json))) as Error).message).toBe(
      'GET /List: nothing answers at 127.0.0.1:9 (ECONNREFUSED); check setting "api_url"',
    );
    const unknown = wire.client({ baseUrl: 'http://no-such-host.invalid/api', retry: { maxRetries: 0 } });
    expect(((await errorOf(unknown.get('/List', {}, json))) as Error).message).toMatch(
      /no-such-host\.invalid \((ENOTFOUND|EAI_AGAIN)\)$/,
    );
  });

  it.each(['status', 'reset', 'html', 'refused', 'unauthorized', 'timeout'])(
    'shows neither credentials nor query nor body in an error of kind %s',
    async (kind) => {
      wire.handler = (request, response) => {
        if (kind === 'status') response.writeHead(500).end('Erika Mustermann');
        else if (kind === 'reset') request.socket.destroy();
        else if (kind === 'html') response.end('<p>Erika Mustermann</p>');
        else if (kind === 'refused') response.writeHead(422).end('Erika Mustermann');
        else if (kind === 'unauthorized') response.writeHead(401).end('Erika Mustermann');
      };
      const client = wire.client({ retry: { maxRetries: 1 }, requestTimeoutMs: kind === 'timeout' ? 50 : 5000 });
      const error = await errorOf(client.get('/List', { customer: 'secret-query' }, json));
      expect(error).toBeInstanceOf(Error);
      const shown = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${String((error as Error).stack)}`;
      for (const secret of [TOKEN, 'secret-query', 'Mustermann']) expect(shown).not.toContain(secret);
    },
  );

  it('stops waiting and sending when its signal is aborted', async () => {
    const stop = new AbortController();
    wire.handler = () => stop.abort(new Error('asked to stop'));
    const error = await errorOf(wire.client({ signal: stop.signal }).get('/List', {}, json));
    expect((error as Error).message).toBe('asked to stop');
    expect(wire.calls).toHaveLength(1);
  });

  it('spaces requests evenly', async () => {
    const starts: number[] = [];
    let now = 1000;
    const clock: Clock = {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    };
    wire.handler = (_request, response) => {
      starts.push(now);
      response.end('{}');
    };
    const client = wire.client({ clock, maxConcurrency: 1, maxRequestsPerSecond: 4 });
    for (let i = 0; i < 4; i += 1) await client.get('/List', {}, json);
    expect(starts).toEqual([1000, 1250, 1500, 1750]);
  });

  it('reports every try with its endpoint and status', async () => {
    const reports: unknown[] = [];
    wire.handler = (_request, response, call) => response.writeHead(call === 1 ? 500 : 200).end('{}');
    const client = wire.client({ onRequest: ({ endpoint, status }) => reports.push([endpoint, status]) });
    await client.get('/List', { q: 1 }, json);
    expect(reports).toEqual([
      ['/List', 500],
      ['/List', 200],
    ]);
  });
});
