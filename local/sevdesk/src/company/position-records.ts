import type { Seconds } from './berlin-time.js';
import { berlinTimestamp } from './berlin-time.js';
import { partReference } from './catalogue.js';
import type { Line } from './case-content.js';
import { lineDiscount, lineNet } from './case-content.js';
import type { Exchange } from './exchange.js';
import { amountText, percentOf } from './money.js';
import type { Reference, WireRecord } from './wire.js';
import { reference, sevClient } from './wire.js';

/** The document that a position belongs to. */
export interface PositionParent {
  readonly objectName: 'Invoice' | 'CreditNote' | 'Order';
  readonly id: string;
  readonly create: Seconds;
  readonly update: Seconds;
  readonly date: Seconds;
  readonly currency: string;
}

const FIELD = { Invoice: 'invoice', CreditNote: 'creditNote', Order: 'order' } as const;

/** The name of the field in which a position refers to its document. */
export const parentField = (objectName: PositionParent['objectName']): string => FIELD[objectName];

/** Makes the position record of a document's line; prices are in the document's currency, accounting sums in euros. */
export function positionRecord(
  parent: PositionParent,
  id: number,
  line: Line,
  position: number,
  exchange: Exchange,
): WireRecord {
  const discount = lineDiscount(line);
  const net = lineNet(line) - discount;
  const euroNet = exchange.toEuro(net, parent.currency, parent.date);
  const euroTax = percentOf(euroNet, line.taxRate);
  const part: Reference | undefined = line.article === undefined ? undefined : partReference(line.article);
  const shared = {
    id: String(id),
    objectName: `${parent.objectName}Pos`,
    additionalInformation: null,
    create: berlinTimestamp(parent.create),
    update: berlinTimestamp(parent.update),
    [FIELD[parent.objectName]]: reference(parent.objectName, parent.id),
    part,
    quantity: String(line.quantity / 10),
    price: amountText(line.price),
    name: line.name,
    unity: reference('Unity', line.unity),
    sevClient,
    positionNumber: String(position),
    text: null,
    discount: line.discountPercent === 0 ? null : String(line.discountPercent),
    taxRate: String(line.taxRate),
    sumDiscount: amountText(discount),
    priceNet: amountText(line.price),
    priceTax: amountText(percentOf(line.price, line.taxRate)),
    priceGross: amountText(line.price + percentOf(line.price, line.taxRate)),
  };
  if (parent.objectName !== 'Invoice') return { ...shared, optional: '0' };
  return {
    ...shared,
    temporary: '0',
    sumNetAccounting: amountText(euroNet),
    sumTaxAccounting: amountText(euroTax),
    sumGrossAccounting: amountText(euroNet + euroTax),
  };
}
