/** A synthetic company: invoices and credit notes as rows of ANALYTICS, the same for the same seed and day. Amounts are cents. */
export interface Company {
  readonly invoices: readonly Invoice[];
  readonly creditNotes: readonly CreditNote[];
}

export interface Place {
  readonly city: string;
  readonly countryCode: string;
  readonly countryDe: string;
  readonly countryEn: string;
}

export interface Invoice {
  readonly id: string;
  readonly number: string;
  readonly type: 'RE' | 'SR';
  readonly status: 'open' | 'partially_paid' | 'paid';
  readonly date: string;
  readonly dueDate: string;
  readonly customer: string;
  readonly place: Place;
  readonly currency: string;
  readonly documentCents: bigint;
  readonly cents: bigint;
  readonly netCents: bigint;
  readonly openCents: bigint;
  readonly counts: boolean;
  readonly isCancelled: boolean;
  readonly cancels: string | null;
}

export interface CreditNote {
  readonly id: string;
  readonly date: string;
  readonly place: Place;
  readonly currency: string;
  readonly cents: bigint;
  readonly netCents: bigint;
}

/** A name that would run as a script in a page and as a formula in a spreadsheet, if it were let. */
export const HOSTILE_CUSTOMER = '=cmd|\' /C calc\'!A0 <script>document.title="owned"</script> "Ä & Söhne"';

const country = (countryCode: string, countryDe: string, countryEn: string, cities: readonly string[]): Place[] =>
  cities.map((city) => ({ city, countryCode, countryDe, countryEn }));

export const PLACES: readonly Place[] = [
  ...country('DE', 'Deutschland', 'Germany', [
    'Berlin',
    'Hamburg',
    'München',
    'Köln',
    'Frankfurt am Main',
    'Leipzig',
    'Freiburg im Breisgau',
    'Unknown',
  ]),
  ...country('AT', 'Österreich', 'Austria', ['Wien', 'Graz', 'Salzburg']),
  ...country('CH', 'Schweiz', 'Switzerland', ['Zürich', 'Basel', 'Genf']),
  ...country('NL', 'Niederlande', 'Netherlands', ['Amsterdam', 'Utrecht']),
  ...country('FR', 'Frankreich', 'France', ['Paris', 'Lyon']),
  ...country('PL', 'Polen', 'Poland', ['Wrocław']),
  ...country('US', 'Vereinigte Staaten', 'United States', ['New York']),
  ...country('ZZ', 'Unbekannt', 'Unknown', ['Unknown']),
];

const CURRENCIES: Readonly<Record<string, string>> = { CH: 'CHF', PL: 'PLN', US: 'USD' };
const RATES: Readonly<Record<string, bigint>> = { EUR: 100n, CHF: 94n, PLN: 426n, USD: 108n };
const CUSTOMERS = [
  'Werkhof Nord GmbH',
  'Café Sonnenschein',
  'Atelier Blau',
  'Nordlicht Logistik AG',
  'Praxis Dr. Yılmaz',
  'Tischlerei Huber',
  HOSTILE_CUSTOMER,
];
const DAYS = 900;

/** Makes `count` invoices whose dates end today, and a credit note for every 40th of them. */
export function makeCompany({ count, today, seed = 1 }: { count: number; today: string; seed?: number }): Company {
  const random = generator(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() ** 1.8 * items.length)]!;
  const invoices: Invoice[] = [];
  const creditNotes: CreditNote[] = [];
  for (let index = 1; index <= count; index++) {
    const age = Math.floor((random() * DAYS * (count - index)) / count);
    const place = pick(PLACES);
    const currency = CURRENCIES[place.countryCode] ?? 'EUR';
    const documentCents = BigInt(Math.floor(5_000 + random() ** 4 * 2_500_000));
    const cents = (documentCents * 100n) / RATES[currency]!;
    const roll = random();
    const status =
      age < 45 ? (roll < 0.6 ? 'open' : roll < 0.7 ? 'partially_paid' : 'paid') : roll < 0.06 ? 'open' : 'paid';
    const invoice: Invoice = {
      id: String(10_000 + index),
      number: `RE-${10_000 + index}`,
      type: 'RE',
      status,
      date: daysBefore(today, age),
      dueDate: daysBefore(today, age - 14),
      customer: pick(CUSTOMERS),
      place,
      currency,
      documentCents,
      cents,
      netCents: (cents * 100n) / 119n,
      openCents: status === 'paid' ? 0n : status === 'open' ? cents : cents / 3n,
      counts: true,
      isCancelled: false,
      cancels: null,
    };
    if (index % 25 !== 0) invoices.push(invoice);
    else invoices.push(...cancelled(invoice, today, age));
    if (index % 40 === 0) {
      const credited = cents / 7n;
      const date = daysBefore(today, Math.max(0, age - 10));
      creditNotes.push({
        id: String(90_000 + index),
        date,
        place,
        currency,
        cents: credited,
        netCents: (credited * 100n) / 119n,
      });
    }
  }
  return { invoices, creditNotes };
}

/** An invoice and the one that cancels it two days later: both paid, neither counted, together 0.00. */
function cancelled(invoice: Invoice, today: string, age: number): Invoice[] {
  const original: Invoice = { ...invoice, status: 'paid', openCents: 0n, counts: false, isCancelled: true };
  return [
    original,
    {
      ...original,
      id: `${invoice.id}9`,
      number: `SR-${invoice.id}`,
      type: 'SR',
      date: daysBefore(today, Math.max(0, age - 2)),
      documentCents: -invoice.documentCents,
      cents: -invoice.cents,
      netCents: -invoice.netCents,
      isCancelled: false,
      cancels: invoice.id,
    },
  ];
}

export function daysBefore(date: string, days: number): string {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() - days);
  return moved.toISOString().slice(0, 10);
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
