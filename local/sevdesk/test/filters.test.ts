import { readFileSync } from 'node:fs';
import type { LocalSevdesk, WireRecord } from '../../../test/support/local-sevdesk.js';
import { startLocalSevdesk } from '../../../test/support/local-sevdesk.js';

let sevdesk: LocalSevdesk;
beforeAll(async () => {
  sevdesk = await startLocalSevdesk({ invoices: 900 });
});
afterAll(() => sevdesk.stop());

async function all(endpoint: string, query = ''): Promise<WireRecord[]> {
  const records: WireRecord[] = [];
  for (;;) {
    const { body } = await sevdesk.get(
      `/${endpoint}?limit=1000&offset=${records.length}&showAll=true&depth=1&${query}`,
    );
    const { objects } = body as { objects: WireRecord[] };
    records.push(...objects);
    if (objects.length < 1000) return records;
  }
}
const seconds = (value: unknown): number => Date.parse(String(value)) / 1000;
const ids = (records: WireRecord[]): unknown[] => records.map(({ id }) => id).sort();

/** A time in the middle of what an endpoint has, on a record, so that a bound matters. */
const middle = (records: WireRecord[], field: string): number =>
  [...records.map((record) => seconds(record[field]))].sort((left, right) => left - right)[
    Math.floor(records.length / 2)
  ]!;

describe.each(['Invoice', 'Contact', 'Order', 'Voucher'])('%s', (endpoint) => {
  it.each([
    ['updateAfter', 'update', (time: number, bound: number) => time > bound],
    ['updateBefore', 'update', (time: number, bound: number) => time < bound],
    ['createAfter', 'create', (time: number, bound: number) => time > bound],
    ['createBefore', 'create', (time: number, bound: number) => time < bound],
  ] as const)('cuts by %s', async (name, field, wanted) => {
    const everything = await sevdesk.dump(endpoint);
    const bound = middle(everything, field);
    const expected = ids(everything.filter((record) => wanted(seconds(record[field]), bound)));
    expect(ids(await all(endpoint, `${name}=${bound}`))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(everything.length);
  });
});

it.each(['CreditNote', 'ContactAddress', 'InvoicePos', 'CheckAccountTransaction', 'Part', 'CommunicationWay'])(
  '%s takes no notice of change filters',
  async (endpoint) => {
    expect(ids(await all(endpoint, 'updateAfter=4000000000&createAfter=4000000000'))).toEqual(
      ids(await sevdesk.dump(endpoint)),
    );
  },
);

it.each(['updatedAfter=4000000000', 'updateafter=4000000000', 'modified=1', 'updateAfter=2026-10-01', 'contact[id]=1'])(
  'takes no notice of the filter %s, which it does not know',
  async (query) => {
    expect(await all('Invoice', query)).toHaveLength(900);
  },
);

it('takes the bounds of time filters as inclusive when told to', async () => {
  const everything = await sevdesk.dump('Invoice');
  const bound = middle(everything, 'update');
  await sevdesk.admin('PUT', '/behaviour', { bounds: 'inclusive' });
  const [after, before] = [await all('Invoice', `updateAfter=${bound}`), await all('Invoice', `updateBefore=${bound}`)];
  await sevdesk.admin('PUT', '/behaviour', { bounds: 'exclusive' });
  expect(ids(after)).toEqual(ids(everything.filter((invoice) => seconds(invoice['update']) >= bound)));
  expect(ids(before)).toEqual(ids(everything.filter((invoice) => seconds(invoice['update']) <= bound)));
});

it.each([
  ['CreditNote', 'creditNoteDate'],
  ['CheckAccountTransaction', 'entryDate'],
  ['Invoice', 'invoiceDate'],
])('%s is cut by startDate and endDate on %s', async (endpoint, field) => {
  const everything = await sevdesk.dump(endpoint);
  const [start, end] = [middle(everything, field), middle(everything, field) + 90 * 86_400];
  const expected = everything.filter((record) => seconds(record[field]) >= start && seconds(record[field]) <= end);
  expect(ids(await all(endpoint, `startDate=${start}&endDate=${end}`))).toEqual(ids(expected));
  expect(expected.length).toBeGreaterThan(0);
});

it.each([
  ['InvoicePos', 'invoice', 'Invoice'],
  ['OrderPos', 'order', 'Order'],
  ['CreditNotePos', 'creditNote', 'CreditNote'],
  ['VoucherPos', 'voucher', 'Voucher'],
  ['CommunicationWay', 'contact', 'Contact'],
])('%s is cut by its parent', async (endpoint, field, parent) => {
  const everything = await sevdesk.dump(endpoint);
  const parents = await sevdesk.dump(parent);
  const { id } = parents[Math.floor(parents.length / 3)]!;
  const expected = everything.filter((record) => (record[field] as { id: string }).id === id);
  expect(await all(endpoint, `${field}[id]=${String(id)}&${field}[objectName]=${parent}`)).toEqual(expected);
  expect(expected.length).toBeGreaterThan(0);
});

it.each([
  ['status=750', (invoice: WireRecord) => invoice['status'] === '750'],
  ['invoiceType=SR', (invoice: WireRecord) => invoice['invoiceType'] === 'SR'],
])('Invoice is cut by %s', async (query, wanted) => {
  expect(ids(await all('Invoice', query))).toEqual(ids((await sevdesk.dump('Invoice')).filter(wanted)));
});

it('knows every filter that the published description names, or is known to ignore it', async () => {
  const published = JSON.parse(readFileSync(new URL('shapes/published.json', import.meta.url), 'utf8')) as Record<
    string,
    { parameters: string[] }
  >;
  const ignored: string[] = [];
  for (const [endpoint, { parameters }] of Object.entries(published).filter(([name]) => name !== '//')) {
    const count = (await all(endpoint)).length;
    for (const parameter of parameters.filter(
      (name) => !name.includes('[') && name !== 'depth' && name !== 'endDate',
    )) {
      const value = parameter === 'startDate' ? '4000000000' : 'no such value';
      if ((await all(endpoint, `${parameter}=${value}`)).length === count) ignored.push(`${endpoint}.${parameter}`);
    }
  }
  expect(ignored).toEqual([
    'Voucher.descriptionLike',
    'CheckAccountTransaction.isBooked',
    'CheckAccountTransaction.onlyCredit',
    'CheckAccountTransaction.onlyDebit',
  ]);
});
