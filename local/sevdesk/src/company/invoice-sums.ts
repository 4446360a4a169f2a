import type { Seconds } from './berlin-time.js';
import type { Sums } from './case-content.js';
import type { Exchange } from './exchange.js';
import type { Cents } from './money.js';
import { amountText } from './money.js';

/** How a document in a foreign currency was booked; a few old ones never got their euro sums. */
export type ForeignBooking = 'converted' | 'unconverted' | 'zero' | 'missing';

/** The document's sums in the account's euros; of an invoice in euros they are the sums themselves. */
export function euroSums(sums: Sums, currency: string, date: Seconds, exchange: Exchange): Sums {
  if (currency === 'EUR') return sums;
  const net = exchange.toEuro(sums.net, currency, date);
  const tax = exchange.toEuro(sums.tax, currency, date);
  const discountNet = exchange.toEuro(sums.discountNet, currency, date);
  return {
    net,
    tax,
    gross: net + tax,
    discountNet,
    discountGross: exchange.toEuro(sums.discountGross, currency, date),
  };
}

/** The sum fields of an invoice: the account's currency, the document's currency (`"0"` when it is the same). */
export function sumFields(document: Sums, euro: Sums, currency: string, booking: ForeignBooking) {
  const foreign = currency !== 'EUR';
  const own = !foreign || booking === 'converted' ? euro : document;
  const main = (cents: Cents): string | null => {
    if (!foreign || booking === 'converted' || booking === 'unconverted') return amountText(cents);
    return booking === 'zero' ? '0' : null;
  };
  const other = (cents: Cents): string => (foreign ? amountText(cents) : '0');
  return {
    sumNet: main(own.net),
    sumTax: main(own.tax),
    sumGross: main(own.gross),
    sumDiscounts: main(own.discountNet),
    sumNetForeignCurrency: other(document.net),
    sumTaxForeignCurrency: other(document.tax),
    sumGrossForeignCurrency: other(document.gross),
    sumDiscountsForeignCurrency: other(document.discountNet),
  };
}
