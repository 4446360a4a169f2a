import { loadRateHistory } from 'local-ecb';
import type { LocalSevdesk, WireRecord } from '../../../test/support/local-sevdesk.js';
import { startLocalSevdesk } from '../../../test/support/local-sevdesk.js';

let sevdesk: LocalSevdesk;
let invoices: WireRecord[];
let byId: Map<string, WireRecord>;
beforeAll(async () => {
  sevdesk = await startLocalSevdesk();
  invoices = await sevdesk.dump('Invoice');
  byId = new Map(invoices.map((invoice) => [String(invoice['id']), invoice]));
});
afterAll(() => sevdesk.stop());

const cents = (amount: unknown): number => Math.round(Number(amount) * 100);
const idOf = (reference: unknown): string => (reference as { id: string }).id;
const isForeign = (invoice: WireRecord): boolean => invoice['currency'] !== 'EUR';
const ofType = (type: string): WireRecord[] => invoices.filter((invoice) => invoice['invoiceType'] === type);
/** What the invoice says in its own currency. */
const documentGross = (invoice: WireRecord): number =>
  cents(isForeign(invoice) ? invoice['sumGrossForeignCurrency'] : invoice['sumGross']);

function grouped(records: readonly WireRecord[], key: (record: WireRecord) => string): Map<string, WireRecord[]> {
  const groups = new Map<string, WireRecord[]>();
  for (const record of records) groups.set(key(record), [...(groups.get(key(record)) ?? []), record]);
  return groups;
}

async function companyOf(options: { seed?: number; invoices?: number; today?: string }): Promise<string> {
  const server = await startLocalSevdesk(options);
  const records = await Promise.all(
    ['Invoice', 'InvoicePos', 'Contact', 'ContactAddress', 'Order', 'CreditNote', 'Voucher'].map((endpoint) =>
      server.dump(endpoint),
    ),
  );
  await server.stop();
  return JSON.stringify(records);
}

it('is the same for the same seed and another for another', async () => {
  const first = await companyOf({ seed: 5, invoices: 150 });
  expect(await companyOf({ seed: 5, invoices: 150 })).toBe(first);
  expect(await companyOf({ seed: 6, invoices: 150 })).not.toBe(first);
  expect(await companyOf({ seed: 5, invoices: 150, today: '2026-12-31' })).not.toBe(first);
});

it.each([0, 1, 2, 40, 777])('has as many invoices as asked for: %d', async (count) => {
  const server = await startLocalSevdesk({ invoices: count });
  const found = await server.dump('Invoice');
  await server.stop();
  expect(new Set(found.map(({ id }) => id)).size).toBe(count);
});

it('has every type and every status', () => {
  const seen = (field: string): unknown[] => [...new Set(invoices.map((invoice) => invoice[field]))].sort();
  expect(seen('invoiceType')).toEqual(['AR', 'ER', 'MA', 'RE', 'SR', 'TR', 'WKR']);
  expect(seen('status')).toEqual(['100', '1000', '200', '50', '750']);
});

it('writes to customers in many cities, countries and currencies', async () => {
  const addresses = await sevdesk.dump('ContactAddress');
  expect(new Set(addresses.map(({ city }) => city)).size).toBeGreaterThan(20);
  expect(
    new Set(invoices.flatMap(({ addressCountry }) => (addressCountry ? [idOf(addressCountry)] : []))).size,
  ).toBeGreaterThan(7);
});

it('bills in every currency that the ECB publishes, and once in a while in one that it does not', () => {
  const published = Object.keys(loadRateHistory().days[0]!.rates);
  expect(new Set(invoices.map(({ currency }) => currency))).toEqual(new Set(['EUR', 'UAH', ...published]));
  expect(invoices.filter(({ currency }) => currency === 'UAH').length).toBeLessThan(10);
});

it('mostly gives the city in free text, sometimes only with the contact, sometimes nowhere', async () => {
  const known = new Set((await sevdesk.dump('ContactAddress')).map(({ contact }) => idOf(contact)));
  const withoutField = invoices.filter(({ addressCity }) => addressCity === null);
  const withoutText = withoutField.filter(
    ({ address }) => address === null || (address as string).split('\n').length < 3,
  );
  expect(withoutField.length / invoices.length).toBeGreaterThan(0.4);
  expect(withoutText.filter(({ contact }) => known.has(idOf(contact))).length).toBeGreaterThan(20);
  expect(withoutText.filter(({ contact }) => !known.has(idOf(contact))).length).toBeGreaterThan(5);
});

it('adds up: the positions of every invoice make its net sum', async () => {
  const net = new Map<string, number>();
  for (const position of await sevdesk.dump('InvoicePos')) {
    const id = idOf(position['invoice']);
    const line = cents(
      (Math.sign(cents(position['price'])) *
        Math.round(Math.abs(cents(position['price']) * Number(position['quantity'])) + 1e-6)) /
        100,
    );
    net.set(id, (net.get(id) ?? 0) + line - cents(position['sumDiscount']));
  }
  const wrong = invoices.filter(
    (invoice) =>
      net.get(String(invoice['id'])) !==
      cents(isForeign(invoice) ? invoice['sumNetForeignCurrency'] : invoice['sumNet']),
  );
  expect(wrong).toEqual([]);
});

it('cancels an invoice in full, in part or in steps, in both currencies, and calls one paid that is cancelled in full', () => {
  const byOriginal = grouped(ofType('SR'), ({ origin }) => idOf(origin));
  const ways = new Map<string, number>();
  for (const [id, cancellations] of byOriginal) {
    const original = byId.get(id)!;
    const sum = (of: (invoice: WireRecord) => number) => cancellations.reduce((total, one) => total + of(one), 0);
    for (const cancellation of cancellations) {
      expect(cancellation['currency']).toBe(original['currency']);
      expect(documentGross(cancellation)).toBeLessThan(0);
    }
    const isWhole = sum(documentGross) === -documentGross(original);
    if (isWhole) {
      expect(original).toMatchObject({ status: '1000', paidAmount: 0, payDate: null });
      expect(Math.abs(sum(({ sumGross }) => cents(sumGross)) + cents(original['sumGross']))).toBeLessThanOrEqual(
        cancellations.length - 1,
      );
    } else expect(-sum(documentGross)).toBeLessThan(documentGross(original));
    const way = isWhole ? (cancellations.length > 1 ? 'steps' : 'full') : 'part';
    ways.set(way, (ways.get(way) ?? 0) + 1);
  }
  expect(ways.get('full')).toBeGreaterThan(50);
  expect(ways.get('part')).toBeGreaterThan(20);
  expect(ways.get('steps')).toBeGreaterThan(10);
  expect(invoices.filter((invoice) => documentGross(invoice) < 0 && invoice['invoiceType'] !== 'SR')).toEqual([]);
});

it('bills orders in every way: whole, rest, by measure, with several parts and finals, abroad, unfinished, and without the order', async () => {
  const orders = new Map((await sevdesk.dump('Order')).map((order) => [String(order['id']), order]));
  const positions = grouped(await sevdesk.dump('InvoicePos'), ({ invoice }) => idOf(invoice));
  const members = invoices.filter(({ invoiceType }) => ['TR', 'AR', 'ER'].includes(String(invoiceType)));
  const seen = new Map<string, number>();
  const count = (way: string): void => void seen.set(way, (seen.get(way) ?? 0) + 1);
  for (const [id, chain] of grouped(members, ({ origin }) => idOf(origin))) {
    const finals = chain.filter(({ invoiceType }) => invoiceType === 'ER');
    const parts = chain.filter(({ invoiceType }) => invoiceType !== 'ER');
    const sum = (of: readonly WireRecord[]) => of.reduce((total, invoice) => total + documentGross(invoice), 0);
    const order = orders.get(id);
    if (order === undefined) count('no order');
    if (finals.length === 0) count('unfinished');
    if (finals.length > 1) count('two finals');
    if (parts.length > 2) count('three parts');
    if (isForeign(chain[0]!)) count('abroad');
    if (finals.some((final) => positions.get(String(final['id']))!.some(({ price }) => Number(price) < 0)))
      count('deducted');
    if (order === undefined || finals.length !== 1 || isForeign(order)) continue;
    const [whole, final] = [cents(order['sumGross']), sum(finals)];
    count(
      Math.abs(final - whole) <= 5
        ? 'contained'
        : Math.abs(final + sum(parts) - whole) <= whole / 10
          ? 'rest'
          : 'neither',
    );
  }
  const ways = [
    'no order',
    'unfinished',
    'two finals',
    'three parts',
    'abroad',
    'deducted',
    'contained',
    'rest',
    'neither',
  ];
  expect(ways.filter((way) => (seen.get(way) ?? 0) < 10)).toEqual([]);
});

it('books foreign invoices at the ECB’s rate, but for a few that never got their euro sums', () => {
  const days = loadRateHistory().days;
  const foreign = invoices.filter(isForeign);
  const own = foreign.filter((invoice) => {
    if (days[0]!.rates[String(invoice['currency'])] === undefined) return false;
    const date = String(
      invoice['invoiceType'] === 'SR' ? byId.get(idOf(invoice['origin']))!['invoiceDate'] : invoice['invoiceDate'],
    ).slice(0, 10);
    const rate = Number(days.find((day) => day.date <= date)!.rates[String(invoice['currency'])]);
    return Math.abs(cents(invoice['sumGross']) - documentGross(invoice) / rate) <= 2;
  });
  const never = foreign.filter((invoice) => !own.includes(invoice));
  expect(own.length).toBeGreaterThan(400);
  expect(never.length).toBeGreaterThan(10);
  for (const invoice of never) expect([null, '0', invoice['sumGrossForeignCurrency']]).toContain(invoice['sumGross']);
  expect(
    new Set(never.map(({ sumGross }) => (sumGross === null ? 'null' : sumGross === '0' ? 'zero' : 'foreign'))).size,
  ).toBe(3);
});

it('leaves the foreign sums of invoices in euro at "0"', () => {
  const odd = invoices.filter((invoice) => !isForeign(invoice) && invoice['sumGrossForeignCurrency'] !== '0');
  expect(odd).toEqual([]);
});

it('pays in full, in part or not at all, as the status says', () => {
  for (const invoice of invoices) {
    const [paid, gross] = [cents(invoice['paidAmount']), cents(invoice['sumGross'])];
    if (invoice['status'] === '750') expect(paid > 0 && paid < gross).toBe(true);
    if (invoice['status'] === '200' || invoice['status'] === '100') expect(paid).toBe(0);
  }
});

it('credits invoices that fell short, and pays commissions that belong to none', async () => {
  const notes = await sevdesk.dump('CreditNote');
  const short = notes.filter(({ bookingCategory }) => bookingCategory === 'UNDERACHIEVEMENT');
  expect(short.length).toBeGreaterThan(50);
  for (const note of short.filter(({ currency }) => currency === 'EUR'))
    expect(cents(note['sumGross'])).toBeLessThanOrEqual(
      cents(byId.get(idOf(note['refSrcInvoice']))!['sumGross']) || Infinity,
    );
  const other = notes.filter((note) => !short.includes(note));
  expect([...new Set(other.map(({ bookingCategory }) => bookingCategory))].sort()).toEqual([
    'PROVISION',
    'ROYALTY_ASSIGNED',
    'ROYALTY_UNASSIGNED',
  ]);
  expect(other.filter(({ refSrcInvoice }) => refSrcInvoice !== undefined)).toEqual([]);
});

it('charges reminders, and dates invoices at the turn of the year', () => {
  expect(ofType('MA').every(({ reminderCharge, origin }) => Number(reminderCharge) > 0 && byId.has(idOf(origin)))).toBe(
    true,
  );
  expect(
    invoices.filter(({ invoiceDate }) => String(invoiceDate).endsWith('-01-01T00:00:00+01:00')).length,
  ).toBeGreaterThan(3);
  expect(invoices.filter(({ invoiceDate }) => String(invoiceDate).includes('-12-31T')).length).toBeGreaterThan(3);
});

it('has invoices that changed in the same second', () => {
  expect(new Set(invoices.map(({ update }) => update)).size).toBeLessThan(invoices.length - 30);
});

it.each(['2026-10-30', '2026-12-31', '2027-01-01', '2028-02-29'])(
  'ends on its last day, has invoices of that month, and most of what is open is not due yet: %s',
  async (today) => {
    const server = await startLocalSevdesk({ today });
    const found = await server.dump('Invoice');
    const { now } = (await server.admin('GET', '/clock')) as { now: number };
    await server.stop();
    const end = Date.parse(`${today}T18:00:00+01:00`);
    const times = found.flatMap(({ create, update, invoiceDate }) =>
      [create, update, invoiceDate].map((at) => Date.parse(String(at))),
    );
    expect(Math.max(...times)).toBeLessThanOrEqual(end);
    expect(now * 1000).toBeGreaterThanOrEqual(end);
    expect(Math.min(...times)).toBeGreaterThan(end - 47 * 31 * 86_400_000);
    const issued = found.filter(
      ({ invoiceType, status }) => ['RE', 'TR', 'AR', 'ER'].includes(String(invoiceType)) && Number(status) >= 200,
    );
    expect(
      issued.filter(({ invoiceDate }) => String(invoiceDate).startsWith(today.slice(0, 7))).length,
    ).toBeGreaterThan(2);
    const open = issued.filter(({ status }) => status !== '1000');
    const overdue = open.filter(
      ({ invoiceDate, timeToPay }) => Date.parse(String(invoiceDate)) + (Number(timeToPay) + 1) * 86_400_000 <= end,
    );
    expect(open.length).toBeGreaterThan(20);
    expect(open.length / issued.length).toBeLessThan(0.05);
    expect(overdue.length / open.length).toBeGreaterThanOrEqual(0.05);
    expect(overdue.length / open.length).toBeLessThanOrEqual(0.15);
  },
);

it('was at work before, on or after the day of the invoice, and taxes by several rules', () => {
  const day = ({ deliveryDateUntil, deliveryDate, invoiceDate }: WireRecord) =>
    Math.sign(Date.parse(String(deliveryDateUntil ?? deliveryDate)) - Date.parse(String(invoiceDate)));
  const shares = [-1, 0, 1].map((sign) => invoices.filter((invoice) => day(invoice) === sign).length / invoices.length);
  for (const share of shares) expect(share).toBeGreaterThan(0.05);
  const untaxed = invoices.filter(({ taxRule }) => idOf(taxRule) !== '1');
  expect(new Set(untaxed.map(({ taxRule }) => idOf(taxRule)))).toEqual(new Set(['2', '3', '5', '17', '21']));
  expect(untaxed.filter(({ sumTax }) => Number(sumTax) !== 0)).toEqual([]);
});
