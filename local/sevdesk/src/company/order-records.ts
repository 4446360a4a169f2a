import { berlinMidnight, berlinTimestamp, DAY } from './berlin-time.js';
import { sumLines } from './case-content.js';
import { contactReference } from './contact-records.js';
import { countryId } from './countries.js';
import type { Exchange } from './exchange.js';
import type { Case, History } from './history.js';
import { invoiceAddress } from './invoice-address.js';
import { euroSums, sumFields } from './invoice-sums.js';
import type { PositionParent } from './position-records.js';
import { Random } from './random.js';
import type { WireRecord } from './wire.js';
import { firstIds, reference, sevClient, sevUser } from './wire.js';

const STREAM = 30;

/** Order `number` as the parent of its positions. */
export function orderParent(history: History, one: Case, number: number): PositionParent {
  const random = new Random(history.frame.seed, STREAM, one.index);
  const update = Math.min(one.begin + random.integer(60, 20 * DAY), history.frame.end);
  const { begin: create, content } = one;
  return {
    objectName: 'Order',
    id: String(firstIds.Order + number),
    create,
    update,
    date: berlinMidnight(create),
    currency: content.currency,
  };
}

/** Makes the Order record: an offer that came to nothing, or the confirmation that a chain of invoices bills. */
export function orderRecord(history: History, exchange: Exchange, one: Case, number: number): WireRecord {
  const random = new Random(history.frame.seed, STREAM + 1, one.index);
  const parent = orderParent(history, one, number);
  const { party, currency, orderLines } = one.content;
  const sums = sumLines(orderLines);
  const offer = one.kind === 'offer';
  const status = offer ? random.pick(['100', '200', '300']) : random.pick(['500', '750', '1000']);
  const orderNumber = `${offer ? 'AN' : 'AB'}-${1000 + number}`;
  const euro = euroSums(sums, currency, parent.date, exchange);
  return {
    id: parent.id,
    objectName: 'Order',
    additionalInformation: null,
    orderNumber,
    contact: contactReference(party),
    create: berlinTimestamp(parent.create),
    update: berlinTimestamp(parent.update),
    orderDate: berlinTimestamp(parent.date),
    status,
    header: `${offer ? 'Angebot' : 'Auftragsbestätigung'} ${orderNumber}`,
    headText: null,
    footText: null,
    addressCountry: reference('StaticCountry', countryId(party.country)),
    createUser: sevUser,
    sevClient,
    deliveryTerms: null,
    paymentTerms: null,
    origin: undefined,
    version: '0',
    smallSettlement: '0',
    contactPerson: sevUser,
    taxRate: '0',
    taxRule: reference('TaxRule', one.content.taxRule),
    taxText: 'Umsatzsteuer 19%',
    taxType: null,
    orderType: offer ? 'AN' : 'AB',
    sendDate: status === '100' ? null : berlinTimestamp(parent.create + 90),
    address: invoiceAddress(party, random).address,
    currency,
    ...sumFields(sums, euro, currency, 'converted'),
    customerInternalNote: null,
    showNet: '1',
    sendType: status === '100' ? null : 'VPDF',
  };
}
