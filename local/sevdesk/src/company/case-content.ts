import type { Article } from './catalogue.js';
import { ARTICLES } from './catalogue.js';
import { isChain } from './case-kinds.js';
import type { CaseOutline } from './case-outline.js';
import { priceIn } from './currencies.js';
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
  /** sevDesk's number of the rule by which the case is taxed. */
  readonly taxRule: TaxRule;
  /** What invoices that are paid in part of their sum owe, in the document's currency: the rest after parts or a cancellation. */
  readonly owed: ReadonlyMap<number, Cents>;
}

/** 1 taxed here, 2 exports, 3 goods to the EU, 5 the customer owes the tax (§ 13b), 17 not taxable here, 21 services to the EU. */
export type TaxRule = 1 | 2 | 3 | 5 | 17 | 21;

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
      quantity: currency === 'EUR' ? wanted : Math.max(10, Math.round(wanted / 10) * 10),
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

/** A fixed price in round sums, so that shares of it are whole cents, tax included. */
function lumpSum(random: Random, name: string, currency: string, taxRate: number): Line[] {
  const { net } = sumLines(drawLines(random, 2, currency, false));
  return single(name, Math.max(1, Math.round(net / 100_000)) * 100_000, taxRate);
}

/** What a case's documents say, but for what all have in common. */
type Documents = Pick<CaseContent, 'invoiceLines' | 'orderLines'> & { readonly owed?: ReadonlyMap<number, Cents> };

interface Facts {
  readonly currency: string;
  readonly taxed: boolean;
  readonly random: Random;
  /** The number on the case's invoice at a position. */
  readonly numberOf: (position: number) => string;
}

function chainContent({ kind, invoices }: CaseOutline, { currency, taxed, random, numberOf }: Facts): Documents {
  const rate = taxed ? 19 : 0;
  const last = invoices.at(-1)?.lines ?? 1;
  const orderLines = ['chain-two-finals', 'chain-part-cancelled'].includes(kind)
    ? lumpSum(random, 'Projekt zum Festpreis', currency, rate)
    : drawLines(random, kind === 'chain-deducted' ? last - 1 : last, currency, true).map((line) => ({
        ...line,
        taxRate: rate,
      }));
  const { net, gross } = sumLines(orderLines);
  const share = (name: string, part: number): Line[] => single(name, Math.round(net * part), rate);
  const advance = share('Abschlag 30 %', 0.3);
  const rest = (...parts: Line[][]): Cents => gross - parts.reduce((sum, part) => sum + sumLines(part).gross, 0);
  switch (kind) {
    case 'chain-contained':
    case 'chain-orderless':
    case 'chain-foreign':
      return { orderLines, invoiceLines: [advance, orderLines], owed: new Map([[1, rest(advance)]]) };
    case 'chain-deducted': {
      const deduction = single(`abzüglich Abschlagsrechnung ${numberOf(0)}`, -sumLines(advance).net, rate);
      return { orderLines, invoiceLines: [advance, [...orderLines, ...deduction]] };
    }
    case 'chain-several': {
      const more = share('Abschlag 20 %', 0.2);
      return {
        orderLines,
        invoiceLines: [advance, more, more, orderLines],
        owed: new Map([[3, rest(advance, more, more)]]),
      };
    }
    case 'chain-two-finals': {
      const half = share('Projekt zum Festpreis, Hälfte', 0.5);
      const owed = sumLines(half).gross - sumLines(advance).gross;
      return { orderLines, invoiceLines: [advance, half, half], owed: new Map([[1, owed]]) };
    }
    case 'chain-part-cancelled': {
      const again = share('Abschlag 10 %', 0.1);
      return {
        orderLines,
        invoiceLines: [advance, negated(advance), again, orderLines],
        owed: new Map([[3, rest(again)]]),
      };
    }
    case 'chain-running':
      return { orderLines, invoiceLines: [advance, share('Teilleistung', 0.25)] };
    case 'chain-rebate':
      return { orderLines, invoiceLines: [share('Teilleistung', 0.5), share('Restleistung abzüglich Nachlass', 0.48)] };
    case 'chain-measured':
      return { orderLines, invoiceLines: [share('Teilleistung', 0.5), share('Restleistung nach Aufmaß', 0.55)] };
    case 'chain-odd':
      return { orderLines, invoiceLines: [share('Teilleistung', 0.3), share('Schlussrechnung nach Aufmaß', 0.83)] };
    default: {
      const [first, second] = [share('Teilleistung 1', 0.3), share('Teilleistung 2', 0.4)];
      const third = single('Restleistung', net - sumLines(first).net - sumLines(second).net, rate);
      return { orderLines, invoiceLines: [first, second, third] };
    }
  }
}

function otherContent({ kind, invoices }: CaseOutline, { currency, taxed, random }: Facts): Documents {
  if (kind === 'cancelled-in-part' || kind === 'cancelled-in-steps' || kind === 'credited-in-full') {
    const whole = lumpSum(random, 'Pauschale', currency, taxed ? 19 : 0);
    const part = (share: number): Line[] => whole.map((line) => ({ ...line, price: -line.price * share }));
    const owed = new Map([[0, Math.round(sumLines(whole).gross * 0.6)]]);
    if (kind === 'cancelled-in-part') return { orderLines: whole, invoiceLines: [whole, part(0.4)], owed };
    return { orderLines: whole, invoiceLines: invoices.length === 1 ? [whole] : [whole, part(0.4), part(0.6)] };
  }
  const first = drawLines(random, invoices[0]?.lines ?? random.integer(1, 3), currency, taxed);
  const invoiceLines = invoices.map(({ type }) => {
    if (type === 'SR') return negated(first);
    return type === 'MA' ? single('Zahlungserinnerung', sumLines(first).gross, 0) : first;
  });
  return { orderLines: first, invoiceLines };
}

const EU = ['at', 'fr', 'nl', 'it', 'es', 'be', 'dk', 'pl', 'se', 'lu', 'cz', 'ie', 'pt', 'hu', 'ro'];

/** Most business is taxed here; companies abroad owe the tax themselves, and of those here a few do, too (building work). */
function taxRuleOf({ country, person }: Party, index: number): TaxRule {
  if (country === 'de') return person === undefined && index % 29 === 3 ? 5 : 1;
  if (person !== undefined) return 1;
  if (EU.includes(country)) return index % 3 === 0 ? 3 : 21;
  return index % 3 === 0 ? 2 : 17;
}

/** The currency that a chain abroad is billed in where its customer's is the euro, and one that no rate is published for. */
const FRANCS = 'CHF';
const WITHOUT_RATE = 'UAH';

function currencyOf({ kind }: CaseOutline, party: Party): string {
  if (kind === 'odd-no-rate') return WITHOUT_RATE;
  if (kind === 'chain-foreign') return party.currency === 'EUR' ? FRANCS : party.currency;
  return isChain(kind) ? 'EUR' : party.currency;
}

/** Fills an outlined case with what its documents say. */
export function fillCase(seed: number, outline: CaseOutline, party: Party, numberOf: Facts['numberOf']): CaseContent {
  const random = new Random(seed, STREAM, outline.index);
  const currency = currencyOf(outline, party);
  const taxRule = taxRuleOf(party, outline.index);
  const facts = { currency, taxed: taxRule === 1, random, numberOf };
  const documents = isChain(outline.kind) ? chainContent(outline, facts) : otherContent(outline, facts);
  return { party, currency, taxRule, owed: new Map(), ...documents };
}
