import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { ExactNumber } from '../json/exact-number.js';
import type { JsonObject } from '../json/json-value.js';
import { silentLogger } from '../logging/logger.js';
import type { ResponseRule } from '../http/response-rules.js';
import { Metrics } from '../metrics/metrics.js';
import { cursorPages } from '../rest/paginators.js';
import { RestApi } from '../rest/rest-api.js';
import { dateTime, integer, object, required, string } from '../schema/types.js';
import { defineTap } from '../tap/define-tap.js';
import type { Stream } from '../tap/stream.js';
import type { TapContext } from '../tap/tap.js';
import { extract } from '../testing/tap-extraction.js';
import { defineStream } from './define-stream.js';
import { childOf } from './typed-stream.js';

const tapOf = (streams: Stream[]) =>
  defineTap({
    name: 'tap-plant',
    version: '1.0.0',
    description: 'A plant',
    configSchema: object({}),
    streams: () => streams,
  });
const run = (streams: Stream[], state?: JsonObject) => extract({ tap: tapOf(streams), config: {}, state });

const pumps = defineStream({
  name: 'pumps',
  schema: object({ id: required(integer()), site: string(), seen: required(dateTime()) }),
  primaryKeys: ['id'],
  replicationKey: 'seen',
});
const seen = '2026-03-01T00:00:00Z';

describe('a stream that is defined', () => {
  it('reads its records by a function, and goes on where it ended', async () => {
    const asked: unknown[] = [];
    const stream = (): Stream =>
      pumps.records(({ since }) => (asked.push(since), [{ id: new ExactNumber('9007199254740993'), seen }]), {
        startValue: '2026-01-01T00:00:00Z',
      });
    const first = await run([stream()]);
    expect(first.text).toContain('"id":9007199254740993');
    expect(first.schema('pumps')).toMatchObject({ key_properties: ['id'], bookmark_properties: ['seen'] });
    await run([stream()], first.lastState);
    expect(asked).toEqual(['2026-01-01T00:00:00Z', seen]);
  });

  it('has a bookmark for each of its partitions', async () => {
    const stream = pumps
      .partitions(() => [{ site: 'north' }, { site: 'south' }])
      .records(({ context }) => [{ id: context.site === 'north' ? 1 : 2, seen }]);
    const { records, lastState } = await run([stream]);
    expect(records('pumps').map(({ record }) => record['site'])).toEqual(['north', 'south']);
    expect(lastState).toMatchObject({ bookmarks: { pumps: { partitions: [{ context: { site: 'north' } }, {}] } } });
  });

  it('is read below the records of its parent', async () => {
    const parent = pumps.records(() => [{ id: 7, seen }]);
    const parts = defineStream({
      name: 'parts',
      schema: object({ pump_id: required(integer()), no: required(string()) }),
      primaryKeys: ['pump_id', 'no'],
      parent: childOf(parent, ({ id }) => ({ pump_id: id })),
    }).records(({ context }) => [{ no: `${context.pump_id}-a` }]);
    const { records } = await run([parent, parts]);
    expect(records('parts').map(({ record }) => record)).toEqual([{ no: '7-a', pump_id: 7 }]);
  });

  it('takes the schema of a library, and a JSON Schema as it stands', async () => {
    const gauges = defineStream({
      name: 'gauges',
      schema: z.object({ id: z.int(), unit: z.enum(['bar', 'psi']) }),
      primaryKeys: ['id'],
    });
    expect(gauges.schema).toMatchObject({
      type: 'object',
      required: ['id', 'unit'],
      properties: { unit: { enum: ['bar', 'psi'] } },
    });
    const plain = { type: 'object', properties: { id: { type: 'integer' } } } as const;
    expect(defineStream({ name: 'valves', schema: plain }).schema).toEqual(plain);
    const { records } = await run([gauges.records(() => [{ id: 1, unit: 'bar' }])]);
    expect(records('gauges')).toHaveLength(1);
  });

  it('says which schema cannot be written as JSON Schema', () => {
    const schema = z.object({ at: z.date() });
    expect(() => defineStream({ name: 'events', schema })).toThrow(
      /stream "events": its zod schema has no JSON Schema/,
    );
  });
});

describe('a stream of an API', () => {
  let server: Server;
  let base: string;
  const asked: { method: string; url: URL; headers: Record<string, unknown>; body: string }[] = [];
  let answer: (request: (typeof asked)[number]) => {
    status?: number;
    headers?: Record<string, string>;
    body?: unknown;
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const seenRequest = {
          method: request.method ?? '',
          url: new URL(request.url ?? '', base),
          headers: request.headers,
          body,
        };
        asked.push(seenRequest);
        const { status = 200, headers = {}, body: content } = answer(seenRequest);
        response.writeHead(status, headers).end(JSON.stringify(content ?? []));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => asked.splice(0));

  const context = (): TapContext<unknown> => {
    const logger = silentLogger();
    return { config: {}, logger, metrics: new Metrics(logger), signal: new AbortController().signal, options: {} };
  };
  const api = (responses: ResponseRule[] = []): RestApi =>
    new RestApi(context(), { baseUrl: base, retry: { maxRetries: 2, firstDelayMs: 1 }, responses });
  const parents = defineStream({ name: 'sites', schema: object({ id: required(integer()) }), primaryKeys: ['id'] });
  const below = defineStream({
    name: 'readings',
    schema: object({ site: required(integer()), id: required(integer()) }),
    primaryKeys: ['site', 'id'],
    parent: childOf(parents, ({ id }) => ({ site: id })),
  });

  it('is asked by POST with a body, in which its pages are turned', async () => {
    answer = ({ body }) => {
      const { after = 0 } = (JSON.parse(body) as { variables: { after?: number } }).variables;
      const more = after < 4;
      return {
        body: { data: { sites: { nodes: [{ id: after + 1 }, { id: after + 2 }], cursor: more ? after + 2 : null } } },
      };
    };
    const stream = parents.rest(api(), {
      path: '/graphql',
      method: 'POST',
      headers: { 'X-Version': '7' },
      body: { json: { query: 'query ($after: Int) { sites(after: $after) { id } }', variables: { size: 2 } } },
      recordsPath: 'data.sites.nodes',
      paginator: () =>
        cursorPages({ cursorPath: 'data.sites.cursor', cursorParameter: 'variables.after', placement: 'body' }),
    });
    const { records } = await run([stream]);
    expect(records('sites').map(({ record }) => record['id'])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
    expect(asked[0]!.headers).toMatchObject({ 'x-version': '7', 'content-type': 'application/json' });
    expect(JSON.parse(asked[1]!.body)).toMatchObject({ variables: { size: 2, after: 2 } });
  });

  it('repeats a parameter for each of its values, and leaves out what is undefined', async () => {
    answer = ({ url }) => ({ body: url.searchParams.getAll('expand').map((_name, id) => ({ id })) });
    await run([parents.rest(api(), { path: '/sites', query: { expand: ['pumps', 'valves'], since: undefined } })]);
    expect(asked[0]!.url.search).toBe('?expand=pumps&expand=valves');
  });

  it('sends a form as such', async () => {
    answer = () => ({ body: [] });
    await run([parents.rest(api(), { path: '/sites', method: 'POST', body: { form: { a: [1, 2], b: 'ü' } } })]);
    expect(asked[0]).toMatchObject({
      body: 'a=1&a=2&b=%C3%BC',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  });

  const failsBelow = (status: number, body: unknown, headers: Record<string, string> = {}, times = Infinity): void => {
    let left = times;
    answer = ({ url }) => {
      if (url.pathname === '/sites') return { body: [{ id: 1 }, { id: 2 }, { id: 3 }] };
      if (url.pathname === '/sites/2/readings' && (left -= 1) >= 0) return { status, headers, body };
      return { body: [{ id: 5 }] };
    };
  };
  const both = (responses: ResponseRule[]): Stream[] => [
    parents.rest(api(), { path: '/sites' }),
    below.rest(api(), { path: '/sites/{site}/readings', responses }),
  ];
  const typesOf = (messages: readonly { type: string; stream?: string }[]): string[] =>
    messages.filter(({ type, stream }) => type === 'ACTIVATE_VERSION' && stream === 'readings').map(({ type }) => type);

  it('takes a 404 for "no children" where it says so, and then what was there for gone', async () => {
    failsBelow(404, { error: 'none' });
    const { records, messages } = await run(both([{ status: 404, action: 'no-children' }]));
    expect(records('readings')).toHaveLength(2);
    expect(typesOf(messages)).toEqual(['ACTIVATE_VERSION']);
  });

  it('leaves out what is to be ignored, and takes nothing for gone', async () => {
    failsBelow(403, {});
    const { records, messages, lastState } = await run(both([{ status: ['4xx'], action: 'ignore' }]));
    expect(records('readings')).toHaveLength(2);
    expect(typesOf(messages)).toEqual([]);
    expect(lastState).toMatchObject({ bookmarks: { readings: { sync: { complete: false } } } });
  });

  it.each<[string, number, unknown, Record<string, string>, ResponseRule[]]>([
    ['a 403 with Retry-After', 403, {}, { 'retry-after': '0' }, []],
    [
      'a 403 whose headers say so',
      403,
      {},
      { 'x-remaining': '0' },
      [
        {
          status: 403,
          when: ({ header }) => header('x-remaining') === '0',
          action: 'rate-limit',
          retryAfterMs: () => 1,
        },
      ],
    ],
    ['a body in a 200', 200, { error: 'please come back' }, {}, [{ body: /come back/, action: 'retry' }]],
  ])('waits and tries again after %s', async (_title, status, body, headers, rules) => {
    failsBelow(status, body, headers, 1);
    const { records } = await run(both(rules));
    expect(records('readings')).toHaveLength(3);
  });

  it.each<[ResponseRule['action'], object]>([
    ['fail-stream', { code: 'STREAMS_FAILED', exitCode: 1 }],
    ['fail-run', { code: 'REQUEST_REFUSED', exitCode: 1 }],
    ['refuse-sign-in', { code: 'AUTHENTICATION', exitCode: 3 }],
  ])('ends what the rule says: %s', async (action, error) => {
    failsBelow(200, { errors: [{ message: 'schema changed' }] });
    const rule: ResponseRule = { when: ({ json }) => JSON.stringify(json).includes('errors'), action };
    await expect(run(both([rule]))).rejects.toMatchObject(error);
  });

  it('says status and words of a refusal, without what is secret or may be a record', async () => {
    const key = 'sk-93ab77';
    answer = () => ({
      status: 422,
      body: {
        error: { message: `the key ${key} of jo@example.org lacks "size"`, field: 'size' },
        row: { name: 'Jo' },
        token: 'abc',
      },
    });
    const refused = new RestApi(context(), {
      baseUrl: base,
      authenticator: { sign: () => ({ query: { key } }) },
    }).get('/sites');
    await expect(refused).rejects.toMatchObject({
      status: 422,
      message: 'the server refused GET /sites (HTTP 422, the key *** of *** lacks "size")',
      answer: JSON.stringify({
        error: { message: 'the key *** of *** lacks "size"', field: 'size' },
        row: { name: 'Jo' },
        token: '***',
      }).replace('{"name":"Jo"}', '{"name":"***"}'),
    });
    expect(asked[0]!.url.search).toBe(`?key=${key}`);
  });
});
