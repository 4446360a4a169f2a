import type { Article } from './catalogue.js';
import { ARTICLES } from './catalogue.js';
import type { CaseOutline } from './case-outline.js';
import type { Party } from './customers.js';
import type { Cents } from './money.js';
import { percentOf, roundCents } from './money.js';
import { Random } from './random.js';

/** One position of a document, in the document's currency. */
export interface Line {
  /** The article's number, or undefined for a free text line such as an advance. */
  readonly article: number | undefined;
  readonly name: string;
  /** In tenths. */
  readonly quantity: number;
  readonly price: Cents;
  readonly taxRate: number;
  readonly discountPercent: number;
  readonly unity: number;
}

/** The sums of a document in its own currency. */
export interface Sums {
  readonly net: Cents;
  readonly tax: Cents;
  readonly gross: Cents;
  readonly discountNet: Cents;
  readonly discountGross: Cents;
}

/** What the documents of a case say: the lines of each invoice and of the order. */
export interface CaseContent {
  readonly party: Party;
  readonly currency: string;
  readonly invoiceLines: readonly (readonly Line[])[];
  readonly orderLines: readonly Line[];
}

const STREAM = 11;

export const lineNet = (line: Line): Cents => roundCents((line.price * line.quantity) / 10);
export const lineDiscount = (line: Line): Cents => percentOf(lineNet(line), line.discountPercent);

const TAX_RATES = [0, 7, 19];

/** Adds up lines; tax is rounded once for each rate. */
export function sumLines(lines: readonly Line[]): Sums {
  let net = 0;
  let tax = 0;
  let discountNet = 0;
  let discountTax = 0;
  for (const rate of TAX_RATES) {
    let rateNet = 0;
    let rateDiscount = 0;
    for (const line of lines) {
      if (line.taxRate !== rate) continue;
      const discount = lineDiscount(line);
      rateDiscount += discount;
      rateNet += lineNet(line) - discount;
    }
    net += rateNet;
    tax += percentOf(rateNet, rate);
    discountNet += rateDiscount;
    discountTax += percentOf(rateDiscount, rate);
  }
  return { net, tax, gross: net + tax, discountNet, discountGross: discountNet + discountTax };
}

function priceIn(currency: string, euros: Cents): Cents {
  return currency === 'JPY' ? Math.round((euros * 150) / 10_000) * 10_000 : euros;
}

function articleAt(number: number): Article {
  const article = ARTICLES[number];
  if (article === undefined) throw new RangeError(`no article ${number}`);
  return article;
}

function drawLines(random: Random, count: number, currency: string, taxed: boolean): Line[] {
  return Array.from({ length: count }, () => {
    const article = random.integer(0, ARTICLES.length - 1);
    const { name, price, taxRate, unity } = articleAt(article);
    const wanted =
      price < 100
        ? random.integer(20, 600) * 10
        : random.chance(0.2)
          ? random.integer(5, 60)
          : random.integer(1, 8) * 10;
    return {
      article,
      name,
      quantity: currency === 'JPY' ? Math.max(10, Math.round(wanted / 10) * 10) : wanted,
      price: Math.max(priceIn(currency, price), 1),
      taxRate: taxed ? taxRate : 0,
      discountPercent: random.chance(0.08) ? random.pick([5, 10, 15]) : 0,
      unity,
    };
  });
}

const single = (name: string, price: Cents, taxRate: number): Line[] => [
  { article: undefined, name, quantity: 10, price, taxRate, discountPercent: 0, unity: 1 },
];

const negated = (lines: readonly Line[]): Line[] => lines.map((line) => ({ ...line, price: -line.price }));

function chainContent(outline: CaseOutline, party: Party, random: Random): CaseContent {
  const orderLines = drawLines(random, outline.invoices.at(-1)?.lines ?? 1, 'EUR', true).map((line) => ({
    ...line,
    taxRate: 19,
  }));
  const { net } = sumLines(orderLines);
  const third = Math.round(net * 0.3);
  const base = { party, currency: 'EUR', orderLines };
  if (outline.kind === 'chain-contained')
    return { ...base, invoiceLines: [single('Abschlag 30 %', third, 19), orderLines] };
  if (outline.kind === 'chain-odd') {
    return {
      ...base,
      invoiceLines: [
        single('Teilleistung', third, 19),
        single('Schlussrechnung nach Aufmaß', Math.round(net * 0.83), 19),
      ],
    };
  }
  const rest = net - third - Math.round(net * 0.4);
  return {
    ...base,
    invoiceLines: [
      single('Teilleistung 1', third, 19),
      single('Teilleistung 2', Math.round(net * 0.4), 19),
      single('Restleistung', rest, 19),
    ],
  };
}

/** Fills an outlined case with what its documents say. */
export function fillCase(seed: number, outline: CaseOutline, party: Party): CaseContent {
  const random = new Random(seed, STREAM, outline.index);
  const { kind, invoices } = outline;
  if (kind.startsWith('chain')) return chainContent(outline, party, random);
  const { currency } = party;
  const taxed = party.country === 'de' || party.person !== undefined;
  const first = drawLines(random, invoices[0]?.lines ?? random.integer(1, 3), currency, taxed);
  const invoiceLines = invoices.map(({ type }) => {
    if (type === 'SR') return negated(first);
    return type === 'MA' ? single('Zahlungserinnerung', sumLines(first).gross, 0) : first;
  });
  return { party, currency, invoiceLines, orderLines: first };
}
