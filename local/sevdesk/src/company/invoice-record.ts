import { addBerlinDays, berlinTimestamp } from './berlin-time.js';
import type { InvoiceOutline } from './case-outline.js';
import { sumLines } from './case-content.js';
import type { Exchange } from './exchange.js';
import type { Case, History } from './history.js';
import { invoiceAddress } from './invoice-address.js';
import type { ForeignBooking } from './invoice-sums.js';
import { euroSums, sumFields } from './invoice-sums.js';
import { amountText } from './money.js';
import { contactReference } from './contact-records.js';
import { Random } from './random.js';
import type { Reference, WireRecord } from './wire.js';
import { firstIds, reference, sevClient, sevUser } from './wire.js';

const STREAM = 20;
const PREFIX = { RE: 'RE', WKR: 'WKR', SR: 'SR', MA: 'MA', TR: 'TR', AR: 'AR', ER: 'ER' } as const;
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
  if (invoice.status === 750) return 'converted';
  const drawn = one.index % 40;
  return drawn === 11 ? 'unconverted' : drawn === 12 ? 'zero' : drawn === 13 ? 'missing' : 'converted';
}

/** The order or the invoice that this one came from; none for a plain invoice. */
function originOf(one: Case, position: number, history: History): Reference | undefined {
  if (one.kind.startsWith('chain')) return reference('Order', firstIds.Order + history.orderNumber(one.index));
  const type = one.invoices[position]?.type;
  const fromFirst = position > 0 && (type === 'SR' || type === 'MA' || one.kind === 'recurring');
  return fromFirst ? reference('Invoice', invoiceId(history.invoiceNumber(one.index, 0))) : undefined;
}

function taxOf(one: Case): { rule: number; text: string } {
  if (one.content.party.country === 'de' || one.content.party.person) return { rule: 1, text: 'Umsatzsteuer 19%' };
  const eu = !['ch', 'us', 'gb', 'jp'].includes(one.content.party.country);
  return eu
    ? { rule: 3, text: 'Steuerfreie innergemeinschaftliche Lieferung' }
    : { rule: 2, text: 'Nicht im Inland steuerbare Leistung' };
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
  const { party, currency, invoiceLines } = one.content;
  const random = new Random(history.frame.seed, STREAM, one.index, type === 'SR' && one.index % 3 > 0 ? 0 : position);
  const sums = sumLines(invoiceLines[position] ?? []);
  const rateDate = type === 'SR' ? (one.invoices[0]?.date ?? date) : date;
  const euro = euroSums(sums, currency, rateDate, exchange);
  const draft = status === 100 || type === 'WKR';
  const numbered = draft ? null : `${PREFIX[type]}-${1000 + number}`;
  const origin = originOf(one, position, history);
  const tax = taxOf(one);
  const place = invoiceAddress(party, random);
  const sent = invoice.create + random.integer(1, 120);
  const paid =
    status === 1000 && type !== 'SR' && one.kind !== 'cancelled'
      ? euro.gross
      : status === 750
        ? Math.round(euro.gross * random.pick([0.25, 0.5, 0.8]))
        : 0;
  const skonto = random.chance(0.1);
  const period = random.chance(0.5);
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
    timeToPay: random.pick(['14', '30', '7', '14']),
    discountTime: skonto ? '10' : null,
    discount: skonto ? random.pick(['2', '3']) : '0',
    addressName: place.addressName,
    addressStreet: place.addressStreet,
    addressZip: place.addressZip,
    addressCity: place.addressCity,
    addressCountry: place.addressCountry,
    payDate: invoice.payDate === undefined || type === 'SR' ? null : berlinTimestamp(invoice.payDate),
    createUser: sevUser,
    deliveryDate: berlinTimestamp(date),
    status: String(status),
    smallSettlement: '0',
    contactPerson: sevUser,
    taxRate: '0',
    taxText: tax.text,
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
    deliveryDateUntil: period ? berlinTimestamp(addBerlinDays(date, 29)) : null,
    sendPaymentReceivedNotificationDate: null,
    sumDiscountNet: amountText(euro.discountNet),
    sumDiscountGross: amountText(euro.discountGross),
    sumDiscountNetForeignCurrency: currency === 'EUR' ? '0' : amountText(sums.discountNet),
    sumDiscountGrossForeignCurrency: currency === 'EUR' ? '0' : amountText(sums.discountGross),
    taxRule: reference('TaxRule', tax.rule),
    paymentMethod: random.chance(0.5)
      ? reference('PaymentMethod', firstIds.PaymentMethod + random.integer(0, 3))
      : undefined,
  };
}
