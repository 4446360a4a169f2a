import type { Seconds } from './berlin-time.js';
import { addBerlinDays, berlinInstant, berlinTimestamp } from './berlin-time.js';
import type { Sums, TaxRule } from './case-content.js';
import { hasOrder, isChain } from './case-kinds.js';
import type { InvoiceOutline } from './case-outline.js';
import { sumLines } from './case-content.js';
import { documentNumber } from './document-number.js';
import type { Exchange } from './exchange.js';
import type { Case, History } from './history.js';
import { invoiceAddress } from './invoice-address.js';
import type { ForeignBooking } from './invoice-sums.js';
import { euroSums, sumFields } from './invoice-sums.js';
import type { Cents } from './money.js';
import { amountText, roundCents } from './money.js';
import { contactReference } from './contact-records.js';
import { Random } from './random.js';
import type { Reference, WireRecord } from './wire.js';
import { firstIds, reference, sevClient, sevUser } from './wire.js';

const STREAM = 20;
const HEADER = {
  RE: 'Rechnung',
  WKR: 'Wiederkehrende Rechnung',
  SR: 'Stornorechnung',
  MA: 'Zahlungserinnerung',
  TR: 'Teilrechnung',
  AR: 'Abschlagsrechnung',
  ER: 'Schlussrechnung',
} as const;

export const invoiceId = (number: number): string => String(firstIds.Invoice + number);

function bookingOf(one: Case, invoice: InvoiceOutline): ForeignBooking {
  if (one.kind === 'odd-no-rate') return 'missing';
  if (invoice.status === 750 || isChain(one.kind) || one.kind.startsWith('cancelled-in')) return 'converted';
  const drawn = one.index % 40;
  return drawn === 11 ? 'unconverted' : drawn === 12 ? 'zero' : drawn === 13 ? 'missing' : 'converted';
}

/** Past the ids of all orders: what refers there refers to nothing. */
const DELETED_ORDERS = 5_000_000;

/** The order or the invoice that this one came from; none for a plain invoice. */
function originOf(one: Case, { origin }: InvoiceOutline, history: History): Reference | undefined {
  if (origin === undefined) return undefined;
  if (origin !== 'order') return reference('Invoice', invoiceId(history.invoiceNumber(one.index, origin)));
  const number = hasOrder(one.kind) ? history.orderNumber(one.index) : DELETED_ORDERS + one.index;
  return reference('Order', firstIds.Order + number);
}

const TAX_TEXT: Readonly<Record<TaxRule, string>> = {
  1: 'Umsatzsteuer 19%',
  2: 'Steuerfreie Ausfuhrlieferung',
  3: 'Steuerfreie innergemeinschaftliche Lieferung',
  5: 'Steuerschuldnerschaft des Leistungsempfängers',
  17: 'Nicht im Inland steuerbare Leistung',
  21: 'Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge)',
};

/** What is paid, in euro: everything, the rest where parts or a cancellation left one, or a share of it. */
function paidOf(
  one: Case,
  position: number,
  { type, status, isCancelled }: InvoiceOutline,
  sums: Sums,
  euro: Sums,
  share: number,
): Cents {
  if (type === 'SR' || isCancelled === true || status < 750) return 0;
  const owed = one.content.owed.get(position);
  const rest = owed === undefined ? euro.gross : roundCents((euro.gross * owed) / sums.gross);
  if (status === 750) return Math.round(rest * share);
  // sevDesk shows the whole sum of some final invoices as paid, the parts included
  return type === 'ER' && one.index % 2 === 0 ? euro.gross : rest;
}

/** A year that somebody typed for 2026. */
const MISTYPED_YEAR = 2206;

/** When the work was done: on the day, before it, or in a period that ends before or goes on after it. */
function serviceOf(one: Case, date: Seconds, random: Random): { from: Seconds; until: Seconds | undefined } {
  const [drawn, days] = [random.next(), random.integer(1, 20)];
  if (one.kind === 'odd-service-date') return { from: date, until: berlinInstant(MISTYPED_YEAR, 1, 31) };
  if (drawn < 0.3) return { from: date, until: undefined };
  if (drawn < 0.6) return { from: addBerlinDays(date, -days), until: undefined };
  if (drawn < 0.9) return { from: addBerlinDays(date, -days - 29), until: addBerlinDays(date, -days) };
  return { from: date, until: addBerlinDays(date, 29) };
}

/**
 * Makes the Invoice record: every field that the live service sends, in its order and spelling. An empty reference is
 * undefined, so JSON leaves it out, as the service does.
 */
export function invoiceRecord(
  history: History,
  exchange: Exchange,
  one: Case,
  position: number,
  number: number,
): WireRecord {
  const invoice = one.invoices[position];
  if (invoice === undefined) throw new RangeError(`case ${one.index} has no invoice ${position}`);
  const { type, status, date } = invoice;
  const from = typeof invoice.origin === 'number' ? invoice.origin : position;
  const { party, currency, invoiceLines } = one.content;
  const random = new Random(
    history.frame.seed,
    STREAM,
    one.index,
    type === 'SR' && one.index % 3 > 0 ? from : position,
  );
  const sums = sumLines(invoiceLines[position] ?? []);
  const rateDate = type === 'SR' ? (one.invoices[from]?.date ?? date) : date;
  const euro = euroSums(sums, currency, rateDate, exchange);
  const draft = status === 100 || type === 'WKR';
  const numberedAs = one.kind === 'odd-same-number' ? history.invoiceNumber(one.index, 0) : number;
  const numbered = draft ? null : documentNumber(type, numberedAs);
  const origin = originOf(one, invoice, history);
  const place = invoiceAddress(party, random);
  const sent = invoice.create + random.integer(1, 120);
  const paid = paidOf(one, position, invoice, sums, euro, random.pick([0.25, 0.5, 0.8]));
  const skonto = random.chance(0.1);
  const service = serviceOf(one, date, random);
  const reminder = type === 'MA';
  const sumsOnWire = sumFields(sums, euro, currency, bookingOf(one, invoice));
  return {
    id: invoiceId(number),
    objectName: 'Invoice',
    additionalInformation: null,
    invoiceNumber: numbered,
    contact: contactReference(party),
    create: berlinTimestamp(invoice.create),
    update: berlinTimestamp(invoice.update),
    sevClient,
    invoiceDate: berlinTimestamp(date),
    header: `${HEADER[type]} ${numbered ?? ''}`.trim(),
    headText: random.chance(0.2) ? 'Sehr geehrte Damen und Herren,\n\nvielen Dank für Ihren Auftrag.' : null,
    footText: random.chance(0.2) ? '<p>Es gelten unsere AGB. Mit freundlichen Grüßen 🙂</p>' : null,
    timeToPay: String(invoice.timeToPay),
    discountTime: skonto ? '10' : null,
    discount: skonto ? random.pick(['2', '3']) : '0',
    addressName: place.addressName,
    addressStreet: place.addressStreet,
    addressZip: place.addressZip,
    addressCity: place.addressCity,
    addressCountry: place.addressCountry,
    payDate: invoice.payDate === undefined || type === 'SR' ? null : berlinTimestamp(invoice.payDate),
    createUser: sevUser,
    deliveryDate: berlinTimestamp(service.from),
    status: String(status),
    smallSettlement: '0',
    contactPerson: sevUser,
    taxRate: '0',
    taxText: TAX_TEXT[one.content.taxRule],
    dunningLevel: one.kind === 'reminded' ? '1' : null,
    addressParentName: null,
    taxType: null,
    sendDate: draft ? null : berlinTimestamp(sent),
    origin,
    invoiceType: type,
    accountIntervall: type === 'WKR' ? 'P0Y1M0W' : null,
    accountLastInvoice: type === 'WKR' ? berlinTimestamp(addBerlinDays(date, 62)) : null,
    accountNextInvoice: type === 'WKR' && status !== 50 ? berlinTimestamp(addBerlinDays(date, 93)) : null,
    reminderTotal: reminder ? amountText(euro.gross + 500) : null,
    reminderDebit: reminder ? amountText(euro.gross) : null,
    reminderDeadline: reminder ? berlinTimestamp(addBerlinDays(date, 10)) : null,
    reminderCharge: reminder ? '5' : '0',
    addressParentName2: null,
    addressName2: null,
    addressGender: null,
    accountStartDate: type === 'WKR' ? berlinTimestamp(date) : null,
    accountEndDate: null,
    address: place.address,
    currency,
    sumNet: sumsOnWire.sumNet,
    sumTax: sumsOnWire.sumTax,
    sumGross: sumsOnWire.sumGross,
    sumDiscounts: sumsOnWire.sumDiscounts,
    sumNetForeignCurrency: sumsOnWire.sumNetForeignCurrency,
    sumTaxForeignCurrency: sumsOnWire.sumTaxForeignCurrency,
    sumGrossForeignCurrency: sumsOnWire.sumGrossForeignCurrency,
    sumDiscountsForeignCurrency: sumsOnWire.sumDiscountsForeignCurrency,
    sumNetAccounting: sumsOnWire.sumNet,
    sumTaxAccounting: sumsOnWire.sumTax,
    sumGrossAccounting: sumsOnWire.sumGross,
    paidAmount: paid / 100,
    customerInternalNote: random.chance(0.15) ? `PO-${random.integer(10_000, 99_999)}` : null,
    einvoiceReference: null,
    sepaMandateReference: null,
    sepaCreditorId: null,
    sepaPayerIban: null,
    showNet: '1',
    enshrined: draft ? null : berlinTimestamp(sent + 1),
    sendType: draft ? '0' : random.pick(['VPDF', 'VM', 'VPR']),
    deliveryDateUntil: service.until === undefined ? null : berlinTimestamp(service.until),
    sendPaymentReceivedNotificationDate: null,
    sumDiscountNet: amountText(euro.discountNet),
    sumDiscountGross: amountText(euro.discountGross),
    sumDiscountNetForeignCurrency: currency === 'EUR' ? '0' : amountText(sums.discountNet),
    sumDiscountGrossForeignCurrency: currency === 'EUR' ? '0' : amountText(sums.discountGross),
    taxRule: reference('TaxRule', one.content.taxRule),
    paymentMethod: random.chance(0.5)
      ? reference('PaymentMethod', firstIds.PaymentMethod + random.integer(0, 3))
      : undefined,
  };
}
