import type { RecordSource } from '../store/record-source.js';
import type { Line } from './case-content.js';
import { creditLines, creditNoteParent, creditNoteRecord } from './credit-note-records.js';
import type { Exchange } from './exchange.js';
import type { Case, History } from './history.js';
import { invoiceId, invoiceRecord } from './invoice-record.js';
import { orderParent, orderRecord } from './order-records.js';
import type { PositionParent } from './position-records.js';
import { parentField, positionRecord } from './position-records.js';
import { firstIds } from './wire.js';

/** A document with its lines, from which position records are made. */
interface Document {
  readonly parent: PositionParent;
  readonly lines: readonly Line[];
}

/** Where the positions of consecutive documents begin: `start[n]` for document n, one entry more than documents. */
type LineStarts = Uint32Array;

function lineStarts(count: number, linesOf: (number: number) => number): LineStarts {
  const starts = new Uint32Array(count + 1);
  for (let number = 0; number < count; number += 1) starts[number + 1] = (starts[number] ?? 0) + linesOf(number);
  return starts;
}

/** The document that position `index` belongs to: the last one that begins at or before it. */
function documentOf(starts: LineStarts, index: number): number {
  let [low, high] = [0, starts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle;
  }
  return low;
}

interface PositionSourceOptions {
  readonly objectName: PositionParent['objectName'];
  readonly firstId: number;
  readonly firstParentId: number;
  readonly starts: () => LineStarts;
  readonly count: number;
  readonly document: (number: number) => Document;
  readonly exchange: Exchange;
}

function positionSource({
  objectName,
  firstId,
  firstParentId,
  starts,
  count,
  document,
  exchange,
}: PositionSourceOptions): RecordSource {
  return {
    count,
    firstId,
    record: (index) => {
      const number = documentOf(starts(), index);
      const position = index - (starts()[number] ?? 0);
      const { parent, lines } = document(number);
      const line = lines[position];
      if (line === undefined) throw new RangeError(`${objectName} ${number} has no position ${position}`);
      return positionRecord(parent, firstId + index, line, position, exchange);
    },
    parent: parentField(objectName),
    childrenOf: (parentId) => {
      const number = Number(parentId) - firstParentId;
      const [from, to] = [starts()[number], starts()[number + 1]];
      return from === undefined || to === undefined
        ? []
        : Array.from({ length: to - from }, (_, position) => from + position);
    },
  };
}

/** Invoices, orders and credit notes with their positions. */
export function documentSources(history: History, exchange: Exchange) {
  const caseAt = (cases: readonly number[], number: number): Case => history.case(cases[number] ?? 0);
  const orderCase = (number: number): Case => caseAt(history.orderCases, number);
  const creditCase = (number: number): Case => caseAt(history.creditCases, number);
  const orderStarts = lineStarts(history.orderCases.length, (number) => orderCase(number).content.orderLines.length);
  const creditCount = history.creditCases.length;
  const creditStarts = lineStarts(creditCount, () => 1);
  const Invoice: RecordSource = {
    count: history.invoiceCount,
    firstId: firstIds.Invoice,
    record: (number) => {
      const { index, position } = history.caseOfInvoice(number);
      return invoiceRecord(history, exchange, history.case(index), position, number);
    },
    times: {
      create: (number) => history.created[number] ?? 0,
      update: (number) => history.updated[number] ?? 0,
      invoiceDate: (number) => history.dated[number] ?? 0,
    },
    typeOf: (number) => history.invoiceType(number),
  };
  return {
    Invoice,
    InvoicePos: positionSource({
      objectName: 'Invoice',
      firstId: firstIds.InvoicePos,
      firstParentId: firstIds.Invoice,
      starts: () => history.lineStart,
      count: history.lineStart[history.invoiceCount] ?? 0,
      document: (number) => invoiceDocument(history, number),
      exchange,
    }),
    Order: {
      count: history.orderCases.length,
      firstId: firstIds.Order,
      record: (number: number) => orderRecord(history, exchange, orderCase(number), number),
      times: {
        create: (number: number) => orderParent(history, orderCase(number), number).create,
        update: (number: number) => orderParent(history, orderCase(number), number).update,
        orderDate: (number: number) => orderParent(history, orderCase(number), number).date,
      },
    },
    OrderPos: positionSource({
      objectName: 'Order',
      firstId: firstIds.OrderPos,
      firstParentId: firstIds.Order,
      starts: () => orderStarts,
      count: orderStarts.at(-1) ?? 0,
      document: (number) => ({
        parent: orderParent(history, orderCase(number), number),
        lines: orderCase(number).content.orderLines,
      }),
      exchange,
    }),
    CreditNote: {
      count: creditCount,
      firstId: firstIds.CreditNote,
      record: (number: number) => creditNoteRecord(history, exchange, creditCase(number), number),
      times: { creditNoteDate: (number: number) => creditNoteParent(history, creditCase(number), number).date },
    },
    CreditNotePos: positionSource({
      objectName: 'CreditNote',
      firstId: firstIds.CreditNotePos,
      firstParentId: firstIds.CreditNote,
      starts: () => creditStarts,
      count: creditCount,
      document: (number) => ({
        parent: creditNoteParent(history, creditCase(number), number),
        lines: creditLines(history, creditCase(number)),
      }),
      exchange,
    }),
  };
}

/** Invoice `number` as a document with lines. */
function invoiceDocument(history: History, number: number): Document {
  const { index, position } = history.caseOfInvoice(number);
  const one = history.case(index);
  const invoice = one.invoices[position];
  if (invoice === undefined) throw new RangeError(`no invoice ${number}`);
  const { create, update, date } = invoice;
  return {
    parent: { objectName: 'Invoice', id: invoiceId(number), create, update, date, currency: one.content.currency },
    lines: one.content.invoiceLines[position] ?? [],
  };
}
