import type { LocalSevdesk, WireRecord } from '../../../test/support/local-sevdesk.js';
import { startLocalSevdesk } from '../../../test/support/local-sevdesk.js';

let sevdesk: LocalSevdesk;
beforeAll(async () => {
  sevdesk = await startLocalSevdesk({ invoices: 60, args: ['--now', '2026-11-02T12:00:00+01:00'] });
});
afterEach(() => sevdesk.heal());
afterAll(() => sevdesk.stop());

const call = (path = '/Invoice?limit=5&countAll=true', signal?: AbortSignal): Promise<Response> =>
  fetch(sevdesk.url + path, { headers: { Authorization: sevdesk.token }, ...(signal ? { signal } : {}) });
const objects = async (): Promise<WireRecord[]> => ((await (await call()).json()) as { objects: WireRecord[] }).objects;

it.each([
  [429, 7, '7'],
  [429, 'date:30', 'Mon, 02 Nov 2026 11:00:30 GMT'],
  [429, 'soon, maybe', 'soon, maybe'],
  [500, undefined, null],
] as const)('answers %d with Retry-After %s', async (status, retryAfter, header) => {
  await sevdesk.fail({ kind: 'status', status, ...(retryAfter === undefined ? {} : { retryAfter }) });
  const response = await call();
  expect([response.status, response.headers.get('retry-after')]).toEqual([status, header]);
  expect(await response.json()).toMatchObject({ objects: null, error: { responseCode: status } });
});

it.each([502, 503, 504])('answers %d with a page of the gateway', async (status) => {
  await sevdesk.fail({ kind: 'status', status });
  const response = await call();
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('text/html');
});

it('answers HTML, and errors, with status 200', async () => {
  await sevdesk.fail({ kind: 'html200', times: 1 }, { kind: 'error200', times: 1 });
  const html = await call();
  expect([html.status, (await html.text()).startsWith('<!DOCTYPE html>')]).toEqual([200, true]);
  const error = await call();
  expect([error.status, await error.json()]).toMatchObject([
    200,
    { error: { message: 'Internal server error' }, objects: null },
  ]);
});

it.each([
  ['objectsNull', { objects: null, total: expect.any(String) }],
  ['empty', { objects: [], total: expect.any(String) }],
  ['wrongTypes', { objects: [{ id: { unexpected: true }, update: 12345, contact: 'none' }, {}, {}, {}, {}] }],
])('spoils the body: %s', async (kind, body) => {
  await sevdesk.fail({ kind });
  expect(await (await call()).json()).toMatchObject(body);
});

it('sends a record twice and leaves another out', async () => {
  const [whole, ids] = [await objects(), (records: WireRecord[]) => records.map(({ id }) => id)];
  await sevdesk.fail({ kind: 'duplicateIds' });
  expect(ids(await objects())).toEqual([whole[0]!['id'], ...ids(whole).filter((_, index) => index !== 1)]);
});

it('cuts JSON in the middle of a well-framed body', async () => {
  await sevdesk.fail({ kind: 'cut' });
  const text = await (await call()).text();
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  expect(text.startsWith('{"total":')).toBe(true);
});

it.each(['reset', 'truncate'])('breaks the connection: %s', async (kind) => {
  await sevdesk.fail({ kind });
  await expect(call().then((response) => response.text())).rejects.toThrow(/fetch failed|terminated/);
});

it('never answers', async () => {
  await sevdesk.fail({ kind: 'hang' });
  await expect(call('/Invoice', AbortSignal.timeout(300))).rejects.toThrow(/timeout/i);
});

it('drips byte by byte, so that a client that only watches for silence waits for long', async () => {
  await sevdesk.fail({ kind: 'drip', intervalMs: 5 });
  const response = await call('/Invoice?limit=5');
  const reader = response.body!.getReader();
  const sizes: number[] = [];
  while (sizes.length < 5) sizes.push((await reader.read()).value!.length);
  await reader.cancel();
  expect(Math.max(...sizes)).toBeLessThan(20);
});

it('ignores filters and lies about the total', async () => {
  await sevdesk.fail({ kind: 'ignoreFilters', times: 1 }, { kind: 'totalLies', by: 3, times: 1 });
  const nothing = '/Invoice?showAll=true&countAll=true&updateAfter=4000000000';
  expect(await (await call(nothing)).json()).toMatchObject({ total: '60' });
  expect(await (await call(nothing)).json()).toMatchObject({ total: '3' });
  expect(await (await call(nothing)).json()).toMatchObject({ total: '0' });
});

it('refuses the sign-in from the third call on', async () => {
  await sevdesk.fail({ kind: 'unauthorized', after: 2 });
  const statuses: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) statuses.push((await call()).status);
  expect(statuses).toEqual([200, 200, 401, 401, 401]);
});

it('befalls only calls that match, every n-th, so many times', async () => {
  await sevdesk.fail({ kind: 'status', path: '^/Contact$', query: 'offset=5', every: 2, times: 1 });
  const statuses: number[] = [];
  for (const path of [
    '/Contact',
    '/Invoice?offset=5',
    '/Contact?offset=5',
    '/Contact?offset=5',
    '/Contact?offset=5',
    '/Contact?offset=5',
  ])
    statuses.push((await call(path)).status);
  expect(statuses).toEqual([200, 200, 200, 500, 200, 200]);
});

it('draws faults with a probability from a seed', async () => {
  const run = async (): Promise<string> => {
    await sevdesk.heal();
    await sevdesk.fail({ kind: 'status', probability: 0.3, seed: 8 });
    const statuses: number[] = [];
    for (let turn = 0; turn < 40; turn += 1) statuses.push((await call('/Tag')).status);
    return statuses.join();
  };
  const once = await run();
  expect(await run()).toBe(once);
  expect(once.split('500').length - 1).toBeGreaterThan(4);
  expect(once.split('500').length - 1).toBeLessThan(25);
});

it('refuses a fault that it does not know', async () => {
  await expect(sevdesk.fail({ kind: 'earthquake' })).rejects.toThrow(/400.*no fault kind/);
});

it('waits before each answer as long as told', async () => {
  await sevdesk.admin('PUT', '/latency', { latencyMs: 120 });
  const begin = performance.now();
  await call();
  await sevdesk.admin('PUT', '/latency', { latencyMs: 0 });
  expect(performance.now() - begin).toBeGreaterThan(100);
});
