import type { CaseContent } from './case-content.js';
import { fillCase } from './case-content.js';
import type { CaseKind } from './case-kinds.js';
import { caseKind, hasCreditNote, hasOrder, invoicesOfKind } from './case-kinds.js';
import type { CaseOutline, HistoryFrame, InvoiceType } from './case-outline.js';
import { outlineCase } from './case-outline.js';
import { documentNumber } from './document-number.js';
import type { Seconds } from './berlin-time.js';
import type { Party } from './customers.js';
import { makeParties } from './customers.js';

/** The dates of a company's first and last day. */
export interface HistoryOptions {
  readonly seed: number;
  readonly invoices: number;
  readonly begin: Seconds;
  readonly end: Seconds;
}

/** A case with what its documents say. */
export interface Case extends CaseOutline {
  readonly content: CaseContent;
}

const TYPES: readonly InvoiceType[] = ['RE', 'WKR', 'SR', 'MA', 'TR', 'AR', 'ER'];
const INDEX_SPAN = 2 ** 24;

/**
 * Knows where every document of the company stands without holding it: invoices are numbered by the time they were
 * created, and each number leads to its case, from which the document is made when somebody asks for it.
 */
export class History {
  readonly frame: HistoryFrame;
  readonly parties: readonly Party[];
  readonly invoiceCount: number;
  readonly created: Float64Array;
  readonly updated: Float64Array;
  readonly dated: Float64Array;
  /** Where the lines of invoice n begin among all invoice lines; one entry more than invoices. */
  readonly lineStart: Uint32Array;
  /** The cases that have an order, a credit note. */
  readonly orderCases: number[] = [];
  readonly creditCases: number[] = [];
  /** Paid invoices by number, for the bank, and when each was paid. */
  readonly paidInvoices: number[] = [];
  readonly payDates: Seconds[] = [];
  readonly #firstOfCase: Uint32Array;
  readonly #numberOf: Uint32Array;
  readonly #caseOf: Uint32Array;
  readonly #types: Uint8Array;
  readonly #kinds: CaseKind[] = [];
  #latest: Case | undefined;

  constructor({ seed, invoices, begin, end }: HistoryOptions) {
    this.parties = makeParties(seed, invoices, begin);
    for (let total = 0; total < invoices;) {
      const wanted = caseKind(seed, this.#kinds.length);
      const kind = total + invoicesOfKind(wanted) > invoices ? 'plain' : wanted;
      this.#kinds.push(kind);
      total += invoicesOfKind(kind);
    }
    const cases = this.#kinds.length;
    const customers = this.parties.filter(({ kind }) => kind === 'customer').length;
    this.frame = { seed, cases, customers, begin, end };
    this.invoiceCount = invoices;
    this.created = new Float64Array(invoices);
    this.updated = new Float64Array(invoices);
    this.dated = new Float64Array(invoices);
    this.lineStart = new Uint32Array(invoices + 1);
    this.#firstOfCase = new Uint32Array(cases + 1);
    this.#numberOf = new Uint32Array(invoices);
    this.#caseOf = new Uint32Array(invoices);
    this.#types = new Uint8Array(invoices);
    this.#survey();
  }

  #survey(): void {
    const { cases, begin } = this.frame;
    const order = new Float64Array(this.invoiceCount);
    const updated = new Float64Array(this.invoiceCount);
    const lines = new Uint8Array(this.invoiceCount);
    const dated = new Float64Array(this.invoiceCount);
    const paid = new Float64Array(this.invoiceCount);
    const caseOf = new Uint32Array(this.invoiceCount);
    const types = new Uint8Array(this.invoiceCount);
    let position = 0;
    for (let index = 0; index < cases; index += 1) {
      const outline = this.outline(index);
      this.#firstOfCase[index] = position;
      if (hasOrder(outline.kind)) this.orderCases.push(index);
      if (hasCreditNote(outline.kind)) this.creditCases.push(index);
      for (const invoice of outline.invoices) {
        order[position] = (invoice.create - begin) * INDEX_SPAN + position;
        updated[position] = invoice.update;
        lines[position] = invoice.lines;
        dated[position] = invoice.date;
        paid[position] = invoice.type !== 'MA' ? (invoice.payDate ?? 0) : 0;
        caseOf[position] = index;
        types[position] = TYPES.indexOf(invoice.type);
        position += 1;
      }
    }
    this.#firstOfCase[cases] = position;
    order.sort();
    order.forEach((key, number) => {
      const at = key % INDEX_SPAN;
      this.#numberOf[at] = number;
      this.#caseOf[number] = caseOf[at] ?? 0;
      this.created[number] = begin + (key - at) / INDEX_SPAN;
      this.updated[number] = updated[at] ?? 0;
      this.#types[number] = types[at] ?? 0;
      this.lineStart[number + 1] = (this.lineStart[number] ?? 0) + (lines[at] ?? 0);
      this.dated[number] = dated[at] ?? 0;
      if (!paid[at]) return;
      this.paidInvoices.push(number);
      this.payDates.push(paid[at]);
    });
  }

  invoiceType(number: number): InvoiceType {
    return TYPES[this.#types[number] ?? 0] ?? 'RE';
  }

  outline(index: number): CaseOutline {
    return outlineCase(this.frame, index, this.#kinds[index] ?? 'plain');
  }

  /** The case of an index; indexes past the last are cases to come, of the kind asked for. */
  case(index: number): Case {
    if (this.#latest?.index === index) return this.#latest;
    const outline = this.outline(index);
    const party = this.parties[outline.customer];
    if (party === undefined) throw new RangeError(`no customer ${outline.customer}`);
    const numberOf = (position: number): string =>
      documentNumber(outline.invoices[position]?.type ?? 'RE', this.invoiceNumber(index, position));
    this.#latest = { ...outline, content: fillCase(this.frame.seed, outline, party, numberOf) };
    return this.#latest;
  }

  /** The number of a case's invoice, counted from 0 by time of creation. */
  invoiceNumber(caseIndex: number, position: number): number {
    return this.#numberOf[(this.#firstOfCase[caseIndex] ?? 0) + position] ?? -1;
  }

  /** The number of a case's order among all orders. */
  orderNumber(caseIndex: number): number {
    return numberIn(this.orderCases, caseIndex);
  }

  /** The case that an invoice belongs to, and its place in it. */
  caseOfInvoice(number: number): { readonly index: number; readonly position: number } {
    const index = this.#caseOf[number] ?? 0;
    let position = 0;
    while (this.invoiceNumber(index, position) !== number) position += 1;
    return { index, position };
  }
}

/** Where a value stands in an ascending list; -1 when it does not. */
function numberIn(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === value ? low : -1;
}
