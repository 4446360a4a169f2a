import { addBerlinDays, berlinMidnight, berlinTimestamp, DAY } from './berlin-time.js';
import type { Line } from './case-content.js';
import { sumLines } from './case-content.js';
import { contactReference } from './contact-records.js';
import { countryId } from './countries.js';
import type { Exchange } from './exchange.js';
import type { Case, History } from './history.js';
import { invoiceId } from './invoice-record.js';
import { euroSums } from './invoice-sums.js';
import { amountText, percentOf } from './money.js';
import type { PositionParent } from './position-records.js';
import { Random } from './random.js';
import type { WireRecord } from './wire.js';
import { firstIds, reference, sevClient, sevUser } from './wire.js';

const STREAM = 40;

/** The lines of a case's credit note: a part of the invoice's first position, or a commission. */
export function creditLines(history: History, one: Case): readonly Line[] {
  const random = new Random(history.frame.seed, STREAM, one.index);
  const line = (one.content.invoiceLines[0] ?? one.content.orderLines)[0];
  if (line === undefined) return [];
  return [
    {
      ...line,
      quantity: 10,
      price:
        one.kind === 'credited-in-full' ? line.price : Math.max(1, percentOf(line.price, random.pick([10, 25, 40]))),
      discountPercent: 0,
    },
  ];
}

/** Credit note `number` as the parent of its positions. */
export function creditNoteParent(history: History, one: Case, number: number): PositionParent {
  const random = new Random(history.frame.seed, STREAM + 1, one.index);
  const start = one.invoices.at(-1)?.create ?? one.begin;
  const create = Math.min(start + random.integer(1, 50) * DAY, history.frame.end);
  const update = Math.min(create + random.integer(10, 30 * DAY), history.frame.end);
  const id = String(firstIds.CreditNote + number);
  return { objectName: 'CreditNote', id, create, update, date: berlinMidnight(create), currency: one.content.currency };
}

/** Makes the CreditNote record. Those for an underachieved invoice refer to it; commissions and royalties stand alone. */
export function creditNoteRecord(history: History, exchange: Exchange, one: Case, number: number): WireRecord {
  const random = new Random(history.frame.seed, STREAM + 2, one.index);
  const parent = creditNoteParent(history, one, number);
  const { party, currency } = one.content;
  const sums = sumLines(creditLines(history, one));
  const euro = euroSums(sums, currency, parent.date, exchange);
  const credited = one.kind !== 'provision';
  const status = random.pick(['100', '200', '1000', '1000', '1000']);
  const invoice = credited ? reference('Invoice', invoiceId(history.invoiceNumber(one.index, 0))) : undefined;
  const draft = status === '100';
  return {
    id: parent.id,
    objectName: 'CreditNote',
    additionalInformation: null,
    creditNoteNumber: `GU-${1000 + number}`,
    contact: contactReference(party),
    create: berlinTimestamp(parent.create),
    update: berlinTimestamp(parent.update),
    creditNoteDate: berlinTimestamp(parent.date),
    header: `Gutschrift GU-${1000 + number}`,
    headText: null,
    footText: null,
    timeToPay: null,
    discountTime: '0',
    discount: '0',
    addressCountry: random.chance(0.9) ? reference('StaticCountry', countryId(party.country)) : undefined,
    payDate: status === '1000' ? berlinTimestamp(addBerlinDays(parent.date, 3) + DAY / 2) : null,
    createUser: sevUser,
    sevClient,
    deliveryDate: berlinTimestamp(parent.date),
    status,
    smallSettlement: '0',
    contactPerson: sevUser,
    taxRate: '0',
    taxText: null,
    taxType: null,
    sendDate: draft ? null : berlinTimestamp(parent.create + 30),
    origin: invoice,
    creditNoteType: 'CN',
    currency,
    sumNet: amountText(euro.net),
    sumTax: amountText(euro.tax),
    sumGross: amountText(euro.gross),
    sumDiscounts: '0',
    customerInternalNote: null,
    taxNumber: null,
    vatNumber: null,
    showNet: '1',
    enshrined: draft ? null : berlinTimestamp(parent.create + 31),
    sendType: draft ? null : 'VPDF',
    bookingCategory: credited
      ? 'UNDERACHIEVEMENT'
      : random.pick(['PROVISION', 'ROYALTY_ASSIGNED', 'ROYALTY_UNASSIGNED']),
    deliveryDateUntil: berlinTimestamp(addBerlinDays(parent.date, 28)),
    refSrcInvoice: invoice,
    isTransferred: '0',
    taxRule: reference('TaxRule', one.content.taxRule),
  };
}
