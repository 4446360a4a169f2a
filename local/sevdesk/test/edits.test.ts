import type { LocalSevdesk, WireRecord } from '../../../test/support/local-sevdesk.js';
import { startLocalSevdesk } from '../../../test/support/local-sevdesk.js';

const NOON = '2026-11-02T12:00:00+01:00';
let sevdesk: LocalSevdesk;
beforeEach(async () => {
  sevdesk = await startLocalSevdesk({ invoices: 300, args: ['--now', NOON] });
});
afterEach(() => sevdesk.stop());

const first = async (path: string): Promise<WireRecord> =>
  ((await sevdesk.get(path)).body as { objects: WireRecord[] }).objects[0]!;
const listed = async (query: string): Promise<WireRecord[]> =>
  ((await sevdesk.get(`/Invoice?showAll=true&limit=1000&${query}`)).body as { objects: WireRecord[] }).objects;
const BEFORE_NOON = Date.parse(NOON) / 1000 - 1;

it('stamps an edited invoice with the server’s time and finds it by that', async () => {
  const { id } = await first('/Invoice?limit=1&offset=40');
  await sevdesk.edit({ op: 'update', model: 'Invoice', id: String(id), fields: { status: '1000' } });
  expect(await first(`/Invoice/${String(id)}`)).toMatchObject({ status: '1000', update: NOON });
  expect((await listed(`updateAfter=${BEFORE_NOON}`)).map((invoice) => invoice['id'])).toEqual([id]);
});

it('leaves the time of change alone when told to', async () => {
  const before = await first('/Invoice?limit=1');
  await sevdesk.edit({
    op: 'update',
    model: 'Invoice',
    id: String(before['id']),
    fields: { header: 'x' },
    touch: false,
  });
  expect(await first(`/Invoice/${String(before['id'])}`)).toEqual({ ...before, header: 'x' });
});

it('takes a deleted invoice out of every list, with its positions', async () => {
  const { id } = await first('/Invoice?limit=1');
  expect(await listed('')).toHaveLength(300);
  await sevdesk.edit({ op: 'delete', model: 'Invoice', id: String(id) });
  expect((await sevdesk.get(`/Invoice/${String(id)}`)).status).toBe(404);
  expect(await listed('')).toHaveLength(299);
  expect((await sevdesk.get(`/InvoicePos?invoice[id]=${String(id)}&invoice[objectName]=Invoice`)).body).toEqual({
    objects: [],
  });
});

it('writes a whole new invoice, with positions, where fields are left out', async () => {
  const [id] = await sevdesk.edit({ op: 'insert', model: 'Invoice', fields: { currency: 'EUR' } });
  const invoice = await first(`/Invoice/${String(id)}`);
  expect(invoice).toMatchObject({ id, create: NOON, update: NOON, currency: 'EUR', invoiceType: 'RE' });
  expect(Object.keys(invoice)).toEqual(expect.arrayContaining(['sumGross', 'address', 'contact', 'paidAmount']));
  expect(await first(`/InvoicePos?invoice[id]=${String(id)}&invoice[objectName]=Invoice`)).toMatchObject({
    objectName: 'InvoicePos',
    update: NOON,
  });
});

it('counts an edit of a position as an edit of its invoice', async () => {
  const position = await first('/InvoicePos?limit=1');
  await sevdesk.edit({ op: 'update', model: 'InvoicePos', id: String(position['id']), fields: { text: 'neu' } });
  expect(await first(`/Invoice/${(position['invoice'] as { id: string }).id}`)).toMatchObject({ update: NOON });
});

it.each([
  [{ op: 'update', model: 'Invoice', id: '1' }, /404.*there is no Invoice with the id \\"1\\"/],
  [{ op: 'update', model: 'Rechnung', id: '1' }, /404.*there is no endpoint \\"Rechnung\\"/],
] as const)('says what is wrong with the edit %j', async (edit, message) => {
  await expect(sevdesk.edit(edit)).rejects.toThrow(message);
});

it('makes the same random edits for the same seed', async () => {
  const twin = await startLocalSevdesk({ invoices: 300, args: ['--now', NOON] });
  const options = { count: 40, seed: 9, mix: { update: 2, insert: 1, delete: 1 } };
  const [one, two] = [
    await sevdesk.admin('POST', '/edit-random', options),
    await twin.admin('POST', '/edit-random', options),
  ];
  expect(one).toEqual(two);
  expect(new Set((one as { edits: { op: string }[] }).edits.map(({ op }) => op))).toEqual(
    new Set(['update', 'insert', 'delete']),
  );
  expect(await sevdesk.dump('Invoice')).toEqual(await twin.dump('Invoice'));
  await twin.stop();
});

it('edits before every second call while a client pages, and logs what it did', async () => {
  await sevdesk.admin('POST', '/paging-edits', { every: 2, count: 3, seed: 4, advanceSeconds: 1 });
  for (let call = 0; call < 4; call += 1) await sevdesk.get('/Invoice?limit=10');
  await sevdesk.get('/Contact?limit=10');
  const { log } = (await sevdesk.admin('GET', '/paging-edits')) as {
    log: { op: string; id: string; beforeCall: number }[];
  };
  expect(log.map(({ beforeCall }) => beforeCall)).toEqual([2, 2, 2, 4, 4, 4]);
  expect(await sevdesk.admin('GET', '/clock')).toMatchObject({ now: BEFORE_NOON + 3 });
  await sevdesk.admin('DELETE', '/paging-edits');
  await sevdesk.get('/Invoice?limit=10');
  await sevdesk.get('/Invoice?limit=10');
  expect(((await sevdesk.admin('GET', '/paging-edits')) as { log: unknown[] }).log).toHaveLength(6);
});

it('shuffles records that the order cannot tell apart, when told to, and only those', async () => {
  const stamp = '2026-10-01T10:00:00+02:00';
  const targets = (await listed('')).slice(0, 8).map(({ id }) => String(id));
  await sevdesk.edit(
    ...targets.map((id) => ({ op: 'update', model: 'Invoice', id, fields: { create: stamp }, touch: false }) as const),
  );
  const order = async (): Promise<string> =>
    (await listed('orderBy[0][field]=create&orderBy[0][arrangement]=asc')).map(({ id }) => String(id)).join();
  expect(await order()).toBe(await order());
  await sevdesk.admin('PUT', '/behaviour', { shuffleTies: true });
  const orders = [await order(), await order(), await order()];
  expect(new Set(orders).size).toBeGreaterThan(1);
  const creates = async () =>
    (await listed('orderBy[0][field]=create&orderBy[0][arrangement]=asc')).map(({ create }) =>
      Date.parse(String(create)),
    );
  const times = await creates();
  expect(times).toEqual([...times].sort((left, right) => left - right));
});

it('counts calls and records by path, without the token', async () => {
  await sevdesk.get('/Invoice?limit=7&updateAfter=5');
  await sevdesk.get('/Invoice?limit=0');
  const stats = await sevdesk.stats();
  expect(stats).toMatchObject({
    calls: 2,
    records: 7,
    byPath: { '/Invoice': { calls: 2, records: 7 } },
    byStatus: { 200: 1, 400: 1 },
  });
  expect(stats.log[0]).toEqual({ path: '/Invoice', query: 'limit=7&updateAfter=5', status: 200, records: 7 });
  expect(JSON.stringify(stats)).not.toContain(sevdesk.token);
  await sevdesk.admin('DELETE', '/stats');
  expect(await sevdesk.stats()).toMatchObject({ calls: 0, log: [] });
});
