import { berlinInstant, berlinTimestamp } from './berlin-time.js';
import type { Party } from './customers.js';
import { contactReference } from './contact-records.js';
import type { WireRecord } from './wire.js';
import { firstIds, reference, sevClient, sevUser } from './wire.js';

const FOUNDED = berlinInstant(2022, 11, 1, 32_400);
const TAGS = ['Stammkunde', 'Messe', 'Reklamation', 'Förderprojekt', 'VIP 🌟'];

const named = (objectName: string, entries: readonly (readonly [number, string])[], create?: string): WireRecord[] =>
  entries.map(([id, name]) => ({
    id: String(id),
    objectName,
    additionalInformation: null,
    ...(create === undefined ? {} : { create, update: create }),
    name,
  }));

/** Tags have a time of creation and none of change. */
export function tagRecords(): WireRecord[] {
  return TAGS.map((name, index) => ({
    id: String(firstIds.Tag + index),
    objectName: 'Tag',
    additionalInformation: null,
    create: berlinTimestamp(FOUNDED + index * 5),
    name,
    sevClient,
  }));
}

/** Which invoice bears which tag: one invoice in twenty. */
export function tagRelationRecord(number: number, invoice: WireRecord): WireRecord {
  return {
    id: String(firstIds.TagRelation + number),
    objectName: 'TagRelation',
    additionalInformation: null,
    create: invoice['create'],
    tag: reference('Tag', firstIds.Tag + (number % TAGS.length)),
    object: reference('Invoice', String(invoice['id'])),
    sevClient,
  };
}

export function paymentMethodRecords(): WireRecord[] {
  return ['Überweisung', 'PayPal', 'SEPA-Lastschrift', 'Barzahlung'].map((name, index) => ({
    id: String(firstIds.PaymentMethod + index),
    objectName: 'PaymentMethod',
    additionalInformation: null,
    create: berlinTimestamp(FOUNDED + index),
    update: berlinTimestamp(FOUNDED + index),
    sevClient,
    name,
    text: index === 0 ? 'Bitte überweisen Sie auf unser Konto.' : null,
    translationCode: null,
    accountDatev: undefined,
  }));
}

/** The numbers under which the bookkeeping knows the parties. */
export function accountingContactRecords(parties: readonly Party[]): WireRecord[] {
  return parties.map((party) => ({
    id: String(firstIds.AccountingContact + party.index),
    objectName: 'AccountingContact',
    additionalInformation: null,
    create: berlinTimestamp(party.created + 5),
    update: berlinTimestamp(party.created + 5),
    contact: contactReference(party),
    sevClient,
    debitorNumber: party.kind === 'customer' ? String(10_000 + party.index) : null,
    creditorNumber: party.kind === 'supplier' ? String(70_000 + party.index) : null,
  }));
}

/** Lists that are the same in every account, with the ids that the service documents. */
export const FIXED_LISTS: Readonly<Record<string, WireRecord[]>> = {
  Unity: named('Unity', [
    [1, 'Stk'],
    [2, 'm²'],
    [3, 'm'],
    [4, 'kg'],
    [5, 't'],
    [6, 'lfm'],
    [7, 'pauschal'],
    [8, 'm³'],
    [9, 'Std'],
    [10, 'km'],
    [11, '%'],
    [13, 'Tag(e)'],
    [14, 'l'],
  ]),
  Category: named('Category', [
    [2, 'Lieferant'],
    [3, 'Kunde'],
    [4, 'Partner'],
    [6, 'Artikel'],
    [28, 'Interessent'],
    [43, 'Lieferadresse'],
    [47, 'Rechnungsadresse'],
  ]),
  CommunicationWayKey: named('CommunicationWayKey', [
    [1, 'Privat'],
    [2, 'Arbeit'],
    [3, 'Fax'],
    [4, 'Mobil'],
    [5, ''],
    [6, 'Autobox'],
    [7, 'Newsletter'],
    [8, 'Rechnungsadresse'],
  ]),
  TaxRule: named('TaxRule', [
    [1, 'Umsatzsteuerpflichtige Umsätze'],
    [2, 'Ausfuhren'],
    [3, 'Innergemeinschaftliche Lieferungen'],
    [9, 'Vorsteuerabziehbare Aufwendungen'],
    [11, 'Steuer nicht erhoben nach §19 UStG'],
  ]),
  SevUser: [
    {
      ...sevUser,
      additionalInformation: null,
      create: berlinTimestamp(FOUNDED),
      update: berlinTimestamp(FOUNDED),
      fullname: 'Erika Musterfrau',
      status: '100',
      email: 'erika@firma.example',
    },
  ],
};
