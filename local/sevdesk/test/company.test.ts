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

async function companyOf(options: { seed?: number; invoices?: number }): Promise<string> {
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
  expect([...new Set(invoices.map(({ currency }) => currency))].sort()).toEqual(['CHF', 'EUR', 'GBP', 'JPY', 'USD']);
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

it('cancels an invoice by one with the sign turned, in both currencies, and leaves the cancelled one paid', () => {
  const cancellations = ofType('SR');
  expect(cancellations.length).toBeGreaterThan(50);
  for (const cancellation of cancellations) {
    const original = byId.get(idOf(cancellation['origin']))!;
    expect(original).toMatchObject({
      invoiceType: 'RE',
      status: '1000',
      currency: cancellation['currency'],
      paidAmount: 0,
      payDate: null,
    });
    expect(documentGross(cancellation)).toBe(-documentGross(original));
    expect(cents(cancellation['sumGross']) + cents(original['sumGross'])).toBe(0);
    expect(documentGross(cancellation)).toBeLessThan(0);
  }
  expect(invoices.filter((invoice) => documentGross(invoice) < 0 && invoice['invoiceType'] !== 'SR')).toEqual([]);
});

it('bills orders in all three ways', async () => {
  const chains = new Map(
    (await sevdesk.dump('Order')).map((order) => [
      String(order['id']),
      { order: cents(order['sumGross']), final: 0, earlier: 0 },
    ]),
  );
  for (const invoice of invoices) {
    const origin = invoice['origin'] as { id: string; objectName: string } | undefined;
    if (origin?.objectName !== 'Order') continue;
    const chain = chains.get(origin.id)!;
    chain[invoice['invoiceType'] === 'ER' ? 'final' : 'earlier'] += cents(invoice['sumGross']);
  }
  const ways = [...chains.values()]
    .filter(({ final }) => final !== 0)
    .map(({ order, final, earlier }) =>
      Math.abs(final - order) <= 5 ? 'contained' : Math.abs(final + earlier - order) <= 5 ? 'remainder' : 'odd',
    );
  for (const way of ['contained', 'remainder', 'odd'])
    expect(ways.filter((each) => each === way).length).toBeGreaterThan(10);
});

it('books foreign invoices at the ECB’s rate, but for a few that never got their euro sums', () => {
  const days = loadRateHistory().days;
  const foreign = invoices.filter(isForeign);
  const own = foreign.filter((invoice) => {
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
  for (const note of short)
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

it('keeps history before the last day of the shipped rates, whatever today is', () => {
  const times = invoices.flatMap(({ create, update }) => [Date.parse(String(create)), Date.parse(String(update))]);
  expect(Math.max(...times)).toBeLessThanOrEqual(Date.parse('2026-10-30T18:00:00+01:00'));
  expect(Math.min(...times)).toBeGreaterThanOrEqual(Date.parse('2023-01-01T00:00:00+01:00'));
});
