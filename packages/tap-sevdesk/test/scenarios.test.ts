import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compileRecordValidator, type JsonSchema } from '@singer-io-ts/sdk';
import { TapProcess, type TapResult } from './support/tap-process.js';
import { Warehouse } from './support/warehouse.js';

const KEY = 'a'.repeat(32);
const iso = (daysAgo: number): string =>
  `${new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 19)}+00:00`;

/** What an endpoint answers, given what is asked for. */
type Endpoint = (query: URLSearchParams) => { status?: number; body: string };

/** A service of which each endpoint answers as a test says; others list nothing. */
class OddService {
  readonly endpoints = new Map<string, Endpoint>();
  readonly asked: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    this.asked.push(pathname);
    const { status = 200, body } = this.endpoints.get(pathname)?.(searchParams) ?? { body: listOf([], searchParams) };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function listOf(objects: readonly string[], query: URLSearchParams, total: number | null = objects.length): string {
  const offset = Number(query.get('offset'));
  const page = objects.slice(offset, offset + Number(query.get('limit')));
  return `{${total === null ? '' : `"total":"${total}",`}"objects":[${page.join(',')}]}`;
}

const voucher = (id: number, more = ''): string =>
  `{"id":"${id}","objectName":"Voucher","create":"${iso(9)}","update":"${iso(8)}","sumNet":"10"${more}}`;

/** Each record must fit the schema that was written before it. */
function expectFit({ lines }: TapResult): void {
  const validators = new Map<string, ReturnType<typeof compileRecordValidator>>();
  for (const [i, line] of lines.entries()) {
    const message = JSON.parse(line) as { type: string; stream: string; schema: JsonSchema; record: object };
    if (message.type === 'SCHEMA')
      validators.set(message.stream, compileRecordValidator(message.stream, message.schema));
    if (message.type === 'RECORD') validators.get(message.stream)?.(message.record, i + 1);
  }
}

describe('an account with odd answers', () => {
  let service: OddService;
  let tap: TapProcess;
  beforeEach(async () => {
    service = new OddService();
    const api_url = await service.start();
    tap = new TapProcess({
      api_key: KEY,
      api_url,
      max_retries: 1,
      max_retry_wait_seconds: 0.1,
      max_requests_per_second: 0,
    });
  });
  afterEach(() => {
    tap.remove();
    service.stop();
  });
  const vouchersOf = ({ lines }: TapResult): Map<string, Record<string, unknown>> =>
    new Map([...new Warehouse().apply(lines).table('vouchers')].map(([id, { record }]) => [id, record]));

  it.each([
    ['a date of change that is null', voucher(2).replace(/"update":"[^"]+"/, '"update":null'), { update: null }],
    ['no date of change', voucher(2).replace(/"update":"[^"]+",/, ''), {}],
    [
      'German dates',
      voucher(2).replace(/"create":"[^"]+"/, '"create":"31.03.2025"'),
      { create: '2025-03-31T00:00:00+02:00' },
    ],
    [
      'a day that does not exist',
      voucher(2).replace(/"update":"[^"]+"/, '"update":"2025-02-30T00:00:00+01:00"'),
      { update: null },
    ],
    ['an amount as text', voucher(2, ',"paidAmount":"7.30"'), { paidAmount: 7.3 }],
    ['an amount as text with spaces', voucher(2, ',"paidAmount":" 7.30 "'), { paidAmount: 7.3 }],
    ['the noise of a sum', voucher(2, ',"paidAmount":0.30000000000000004'), { paidAmount: 0.3 }],
    ['no amount at all', voucher(2, ',"paidAmount":"viel"'), { paidAmount: null }],
    ['a number where text belongs', voucher(2, ',"taxText":19.50'), { taxText: '19.50' }],
    ['a list where an object belongs', voucher(2, ',"taxRule":[]'), {}],
    ['an id that is a number', voucher(2).replace('"id":"2"', '"id":2'), {}],
  ])('reads all of a list in which one object has %s', async (_what, odd, expected) => {
    service.endpoints.set('/Voucher', (query) => ({ body: listOf([voucher(1), odd, voucher(3)], query) }));
    const result = await tap.run();
    expect([result.code, /ERROR.*/.exec(result.stderr)?.[0]]).toEqual([0, undefined]);
    expectFit(result);
    const vouchers = vouchersOf(result);
    expect([...vouchers.keys()]).toEqual(['1', '2', '3']);
    expect(vouchers.get('2')).toMatchObject(expected);
  });

  it('leaves out or refuses objects with unreadable dates where that is asked for, and names them', async () => {
    const odd = voucher(2).replace(/"update":"[^"]+"/, '"update":"soon"');
    service.endpoints.set('/Voucher', (query) => ({ body: listOf([voucher(1), odd], query) }));
    const skipped = await tap.run({ config: { on_unreadable_update: 'skip' } });
    expect(skipped.code).toBe(0);
    expect([...vouchersOf(skipped).keys()]).toEqual(['1']);
    expect(skipped.stderr).toContain('object 2 has no readable "update"; it was left out');
    const failed = await tap.run({ config: { on_unreadable_update: 'fail' } });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/ERROR.*vouchers.*object 2 has no readable "update"/);
  });

  it.each([
    ['null', 'null'],
    ['an object without an id', voucher(2).replace('"id":"2",', '')],
    ['an object whose id is null', voucher(2).replace('"id":"2"', '"id":null')],
    ['a list', '[]'],
  ])('leaves out %s in a list, says so, and takes nothing for deleted meanwhile', async (_what, entry) => {
    const part = (text: string): string => text.replace('Voucher', 'Part');
    const parts = [voucher(1), voucher(3)].map(part);
    service.endpoints.set('/Voucher', (query) => ({ body: listOf([voucher(1), entry, voucher(3)], query) }));
    service.endpoints.set('/Part', (query) => ({ body: listOf(parts, query) }));
    const first = await tap.run();
    expect([first.code, /ERROR.*/.exec(first.stderr)?.[0]]).toEqual([0, undefined]);
    expectFit(first);
    expect([...vouchersOf(first).keys()]).toEqual(['1', '3']);
    expect(first.stderr).toContain('vouchers: 1 entry of the list has no id and was skipped');

    service.endpoints.delete('/Voucher');
    parts.splice(1, 1, part(entry), part(voucher(4)));
    const second = await tap.run({
      state: JSON.parse(first.lines.at(-1)!).value,
      config: { full_sync_every_hours: 0, page_size: 2 },
    });
    expect(second.code).toBe(0);
    const known = new Warehouse().apply([...first.lines, ...second.lines]).table('parts');
    expect([...known.keys()].sort()).toEqual(['1', '3', '4']);
  });

  it('asks again when an answer has an entry without an id, and is content when it then has one', async () => {
    const broken = voucher(2).replace('"id":"2"', '"id":null');
    let answers = 0;
    service.endpoints.set('/Voucher', (query) => ({
      body: listOf([voucher(1), (answers += 1) % 2 === 1 ? broken : voucher(2)], query),
    }));
    const result = await tap.run();
    expect(result.code).toBe(0);
    expect([...vouchersOf(result).keys()]).toEqual(['1', '2']);
    expect(result.stderr).not.toContain('have no id');
  });

  it('writes U+FFFD for half of a character, which no target could store, and leaves whole ones alone', async () => {
    const tag = (id: number, name: string): string =>
      `{"id":"${id}","objectName":"Tag","create":"2024-01-02T10:00:00+01:00","name":"${name}"}`;
    const names = [
      String.raw`half \ud83d`,
      String.raw`whole \ud83d\uDE00`,
      String.raw`no escape \\ud83d`,
      String.raw`\u00e4\udc00\ud800`,
    ];
    service.endpoints.set('/Tag', (query) => ({
      body: listOf(
        names.map((name, id) => tag(id + 1, name)),
        query,
      ),
    }));
    const { code, lines, stderr } = await tap.run();
    expect(code).toBe(0);
    const written = lines.filter((line) => line.startsWith('{"type":"RECORD","stream":"tags"'));
    expect(written.map((line) => (JSON.parse(line) as { record: { name: string } }).record.name)).toEqual([
      'half \ufffd',
      'whole 😀',
      String.raw`no escape \ud83d`,
      'ä\ufffd\ufffd',
    ]);
    expect(stderr).toMatch(/tags: object 1 has half of a character in a text; U\+FFFD replaces it/);
  });

  it('does not take a list without any id for an empty one', async () => {
    service.endpoints.set('/Voucher', (query) => ({ body: listOf(['{"name":"a"}', 'null'], query) }));
    const result = await tap.run();
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/ERROR.*vouchers.*has no object with "id"/);
  });

  it('writes only what is new of a list without any dates, and all of it when something is gone', async () => {
    const unity = (id: number): string => `{"id":"${id}","objectName":"Unity","name":"unit ${id}"}`;
    const all = Array.from({ length: 60 }, (_, i) => unity(i + 1));
    service.endpoints.set('/Unity', (query) => ({ body: listOf(all, query) }));
    let state: object | undefined;
    const written = async (): Promise<number> => {
      const result = await tap.run({ ...(state ? { state } : {}) });
      state = JSON.parse(result.lines.at(-1)!).value;
      return result.lines.filter((line) => line.startsWith('{"type":"RECORD","stream":"unities"')).length;
    };
    expect(await written()).toBe(60);
    expect(await written()).toBe(0);
    all.push(unity(61), unity(62));
    all[7] = unity(8).replace('unit 8', 'unit eight');
    expect(await written()).toBeLessThan(15);
    all.splice(20, 1);
    all.push(unity(63));
    expect(await written()).toBe(62);
  });

  it('lets one endpoint fail alone, and prints a table of all when it is tried', async () => {
    service.endpoints.set('/Part', () => ({ status: 403, body: '{"error":{"message":"no right","code":null}}' }));
    service.endpoints.set('/Unity', () => ({ status: 404, body: '{"error":{"message":"not found","code":151}}' }));
    service.endpoints.set('/Voucher', (query) => ({ body: listOf([voucher(1)], query) }));
    const result = await tap.run();
    expect(result.code).toBe(1);
    expect([...vouchersOf(result).keys()]).toEqual(['1']);
    const end = result.stderr
      .split('\n')
      .filter((line) => line.includes('ERROR'))
      .join('\n');
    for (const text of ['parts', 'HTTP 403', 'no right', 'unities', 'HTTP 404']) expect(end).toContain(text);
    const tried = await tap.run({ args: ['--test=connection'] });
    expect(tried.code).toBe(1);
    expect(tried.stderr).toMatch(/vouchers +readable +1\n/);
    expect(tried.stderr).toMatch(/parts +refused/);
    expect(tried.stderr).toMatch(/unities +missing/);
    expect(tried.stderr).toMatch(/tags +empty +0\n/);
  });

  it('ends at once, with code 3, when the key is refused within an answer', async () => {
    service.endpoints.set('/Invoice', () => ({
      body: '{"error":{"message":"Authentication required","code":"401"},"objects":null}',
    }));
    const result = await tap.run();
    expect(result.code).toBe(3);
    expect(service.asked).toEqual(['/Invoice']);
  });

  it('names what a redirect points to, and does not repeat the request', async () => {
    service.endpoints.set('/Invoice', () => ({ status: 302, body: '' }));
    const { stderr } = await tap.run();
    expect(stderr).toContain('GET /Invoice was redirected (HTTP 302) to nowhere');
    expect(service.asked.filter((path) => path === '/Invoice')).toHaveLength(1);
  });

  it.each([
    ['is the number of objects on the page', (onPage: number) => onPage],
    ['is one too high', (_onPage: number, all: number) => all + 1],
    ['is missing', () => null],
  ])('reads all when the total %s', async (_what, totalOf) => {
    const all = Array.from({ length: 230 }, (_, i) => voucher(1000 + i).replaceAll('Voucher', 'Tag'));
    service.endpoints.set('/Tag', (query) => {
      const onPage = Math.max(0, Math.min(Number(query.get('limit')), all.length - Number(query.get('offset'))));
      return { body: listOf(all, query, totalOf(onPage, all.length)) };
    });
    const result = await tap.run({ config: { page_size: 60 } });
    expect(result.code).toBe(0);
    const warehouse = new Warehouse().apply(result.lines);
    expect(warehouse.table('tags').size).toBe(230);
    all.splice(100, 1);
    const again = await tap.run({ config: { page_size: 60, full_sync_every_hours: 0 }, state: warehouse.state });
    warehouse.apply(again.lines);
    expect(warehouse.table('tags').size).toBe(229);
  });

  it('does not call a list complete that ends long before its total', async () => {
    const all = Array.from({ length: 30 }, (_, i) => voucher(1000 + i).replaceAll('Voucher', 'Tag'));
    service.endpoints.set('/Tag', (query) => ({ body: listOf(all, query, 90) }));
    const result = await tap.run();
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/ERROR.*tags.*counts 90 objects but lists 30/);
    expect(result.lines.filter((line) => line.includes('ACTIVATE_VERSION') && line.includes('"tags"'))).toEqual([]);
  });

  it('asks for less when a page is too much', async () => {
    const all = Array.from({ length: 200 }, (_, i) => voucher(1000 + i).replaceAll('Voucher', 'Tag'));
    service.endpoints.set('/Tag', (query) =>
      Number(query.get('limit')) > 90 ? { status: 504, body: '' } : { body: listOf(all, query) },
    );
    const result = await tap.run();
    expect(result.code).toBe(0);
    expect(new Warehouse().apply(result.lines).table('tags').size).toBe(200);
  });

  it('reads endpoints that the settings add', async () => {
    const centre = '{"id":7,"objectName":"CostCentre","name":"Vertrieb","number":"K-1","color":"#fff"}';
    service.endpoints.set('/CostCentre', (query) => ({ body: listOf([centre], query) }));
    service.endpoints.set('/Layout', (query) => ({ body: listOf(['{"code":"L","rank":3}'], query) }));
    const streams = [
      { name: 'cost_centres' },
      { name: 'layouts', path: '/Layout', key: 'code', properties: { rank: { type: ['null', 'integer'] } } },
    ];
    const result = await tap.run({ config: { streams } });
    expect(result.code).toBe(0);
    expectFit(result);
    const records = result.lines.filter((line) => line.includes('"RECORD"')).map((line) => JSON.parse(line) as unknown);
    expect(records).toMatchObject([
      { stream: 'cost_centres', record: { id: '7', name: 'Vertrieb', additional_fields: { color: '#fff' } } },
      { stream: 'layouts', record: { code: 'L', rank: 3 } },
    ]);
    const unknown = await tap.run({ config: { streams: [{ name: 'nothing_known' }] } });
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('needs a path');
  });
});
