import type { Seconds } from './berlin-time.js';
import { addBerlinDays, berlinMidnight, berlinTimestamp, DAY } from './berlin-time.js';
import { contactReference } from './contact-records.js';
import type { Party } from './customers.js';
import type { HistoryFrame } from './case-outline.js';
import type { Cents } from './money.js';
import { amountText, percentOf } from './money.js';
import { Random } from './random.js';
import type { WireRecord } from './wire.js';
import { firstIds, reference, sevClient, sevUser } from './wire.js';

const STREAM = 50;
const DESCRIPTIONS = [
  'Büromaterial',
  'Serverkosten',
  'Bahnfahrt München–Berlin',
  'Miete',
  'Telefon & Internet',
  'Bewirtung "Zum Hirschen"',
  'Fachliteratur',
];

/** An incoming bill, before it is written as records. */
export interface Voucher {
  readonly number: number;
  readonly supplier: Party;
  readonly create: Seconds;
  readonly update: Seconds;
  readonly date: Seconds;
  readonly status: '50' | '100' | '1000';
  readonly description: string;
  /** Net sums of the positions, with the tax rate of each. */
  readonly positions: readonly { readonly net: Cents; readonly taxRate: number }[];
}

/** Draws voucher `number` of `count`, in the order of time. */
export function drawVoucher(frame: HistoryFrame, count: number, suppliers: readonly Party[], number: number): Voucher {
  const random = new Random(frame.seed, STREAM, number);
  const share = (number + random.next()) / count;
  const create = Math.floor(frame.begin + share * (frame.end - frame.begin));
  const status = random.pick(['50', '100', '1000', '1000', '1000', '1000'] as const);
  return {
    number,
    supplier: random.pick(suppliers),
    create,
    update: Math.min(create + (status === '1000' ? random.integer(1, 30) * DAY : random.integer(0, 600)), frame.end),
    date: addBerlinDays(berlinMidnight(create), -random.integer(0, 9)),
    status,
    description: random.pick(DESCRIPTIONS),
    positions: Array.from({ length: 1 + (number % 2) }, () => ({
      net: random.integer(5_00, 900_00),
      taxRate: random.pick([19, 19, 7, 0]),
    })),
  };
}

function voucherSums({ positions }: Voucher): { net: Cents; tax: Cents } {
  return positions.reduce((sum, { net, taxRate }) => ({ net: sum.net + net, tax: sum.tax + percentOf(net, taxRate) }), {
    net: 0,
    tax: 0,
  });
}

const voucherId = (number: number): string => String(firstIds.Voucher + number);

/** Makes the Voucher record. */
export function voucherRecord(voucher: Voucher): WireRecord {
  const { net, tax } = voucherSums(voucher);
  const paid = voucher.status === '1000';
  return {
    id: voucherId(voucher.number),
    objectName: 'Voucher',
    additionalInformation: null,
    mapAll: undefined,
    create: berlinTimestamp(voucher.create),
    update: berlinTimestamp(voucher.update),
    sevClient,
    createUser: sevUser,
    voucherDate: berlinTimestamp(voucher.date),
    supplier: voucher.number % 5 === 0 ? undefined : contactReference(voucher.supplier),
    supplierName: voucher.number % 5 === 0 ? voucher.supplier.name : null,
    description: `${voucher.description} ${1000 + voucher.number}`,
    document: undefined,
    payDate: paid ? berlinTimestamp(addBerlinDays(voucher.date, 10) + DAY / 2) : null,
    status: voucher.status,
    sumNet: amountText(net),
    sumTax: amountText(tax),
    sumGross: amountText(net + tax),
    sumNetAccounting: amountText(net),
    sumTaxAccounting: amountText(tax),
    sumGrossAccounting: amountText(net + tax),
    sumDiscounts: '0',
    sumDiscountsForeignCurrency: '0',
    paidAmount: paid ? (net + tax) / 100 : 0,
    taxRule: reference('TaxRule', 9),
    taxType: null,
    creditDebit: 'C',
    costCentre: undefined,
    voucherType: 'VOU',
    currency: 'EUR',
    propertyForeignCurrencyDeadline: null,
    propertyExchangeRate: null,
    recurringInterval: null,
    recurringStartDate: null,
    recurringNextVoucher: null,
    recurringLastVoucher: null,
    recurringEndDate: null,
    enshrined: null,
    paymentDeadline: berlinTimestamp(addBerlinDays(voucher.date, 14)),
    deliveryDate: berlinTimestamp(voucher.date),
    deliveryDateUntil: null,
  };
}

/** Makes the record of a voucher's position. */
export function voucherPositionRecord(voucher: Voucher, id: number, position: number): WireRecord {
  const { net, taxRate } = voucher.positions[position] ?? { net: 0, taxRate: 0 };
  const tax = percentOf(net, taxRate);
  return {
    id: String(id),
    objectName: 'VoucherPos',
    additionalInformation: null,
    create: berlinTimestamp(voucher.create),
    update: berlinTimestamp(voucher.update),
    sevClient,
    voucher: reference('Voucher', voucherId(voucher.number)),
    accountDatev: reference('AccountDatev', 3651),
    accountingType: reference('AccountingType', 26),
    estimatedAccountingType: undefined,
    taxRate: String(taxRate),
    net: '1',
    isAsset: '0',
    sumNet: amountText(net),
    sumTax: amountText(tax),
    sumGross: amountText(net + tax),
    sumNetAccounting: amountText(net),
    sumTaxAccounting: amountText(tax),
    sumGrossAccounting: amountText(net + tax),
    comment: null,
  };
}
