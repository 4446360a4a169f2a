import { berlinTimestamp, DAY } from './berlin-time.js';
import { streetLine } from './address-text.js';
import { countryId } from './countries.js';
import type { Party } from './customers.js';
import { Random } from './random.js';
import type { WireRecord } from './wire.js';
import { firstIds, reference, sevClient } from './wire.js';

const STREAM = 2;

export const contactId = (party: Party): string => String(firstIds.Contact + party.index);
export const contactReference = (party: Party) => reference('Contact', contactId(party));

/** The Contact record of a customer or supplier. */
export function contactRecord(seed: number, party: Party): WireRecord {
  const random = new Random(seed, STREAM, party.index);
  const isPerson = party.person !== undefined;
  const created = berlinTimestamp(party.created);
  return {
    id: contactId(party),
    objectName: 'Contact',
    additionalInformation: null,
    create: created,
    update: random.chance(0.3) ? berlinTimestamp(party.created + random.integer(1, 200) * DAY) : created,
    name: isPerson ? null : party.name,
    status: random.chance(0.9) ? '1000' : '500',
    customerNumber: String(1000 + party.index),
    surename: party.person?.given ?? null,
    familyname: party.person?.family ?? null,
    titel: isPerson && random.chance(0.1) ? 'Geschäftsführung' : null,
    category: reference('Category', party.kind === 'customer' ? 3 : 2),
    description: random.chance(0.1) ? 'Stammkunde seit 2019, bitte „per Du“' : null,
    parent: isPerson && party.index > 0 && random.chance(0.3) ? reference('Contact', firstIds.Contact) : undefined,
    academicTitle: isPerson && random.chance(0.1) ? 'Dr.' : null,
    gender: party.person?.gender ?? null,
    sevClient,
    name2: null,
    birthday: null,
    vatNumber: isPerson ? null : `${party.country.toUpperCase()}${random.integer(100_000_000, 999_999_999)}`,
    bankAccount: null,
    bankNumber: null,
    mandateReference: null,
    defaultCashbackTime: null,
    defaultCashbackPercent: null,
    defaultTimeToPay: random.chance(0.3) ? '30' : null,
    taxNumber: null,
    taxOffice: null,
    exemptVat: party.country === 'de' ? '0' : '1',
    taxType: null,
    defaultDiscountAmount: null,
    defaultDiscountPercentage: random.chance(0.1) ? '1' : null,
    buyerReference: null,
    governmentAgency: random.chance(0.03) ? '1' : '0',
    defaultShowVat: '1',
  };
}

/** The invoice addresses on file, in the order of their ids. */
export function contactAddressRecords(seed: number, parties: readonly Party[]): WireRecord[] {
  return parties
    .filter((party) => party.hasAddress)
    .map((party, index) => {
      const random = new Random(seed, STREAM + 1, party.index);
      const created = berlinTimestamp(party.created + 60);
      return {
        id: String(firstIds.ContactAddress + index),
        objectName: 'ContactAddress',
        additionalInformation: null,
        create: created,
        update: created,
        contact: contactReference(party),
        street: streetLine({ ...party, city: party.place.city, region: party.place.region }),
        zip: party.zip,
        city: party.place.city,
        country: reference('StaticCountry', countryId(party.country)),
        category: reference('Category', random.chance(0.8) ? 47 : 43),
        name: null,
        sevClient,
      };
    });
}

const KEYS = { EMAIL: 8, PHONE: 2, WEB: 5, MOBILE: 4 } as const;

/** One or two ways to reach each contact. */
export function communicationWayRecords(seed: number, parties: readonly Party[]): WireRecord[] {
  const ways = parties.flatMap((party) => {
    const random = new Random(seed, STREAM + 2, party.index);
    const all = [
      ['EMAIL', `rechnung@kunde-${party.index}.example`],
      ['PHONE', `+49 30 ${random.integer(100_000, 999_999)}`],
    ] as const;
    return all.slice(0, random.integer(1, 2)).map(([type, value], index) => ({ party, type, value, index }));
  });
  return ways.map(({ party, type, value, index }, position) => ({
    id: String(firstIds.CommunicationWay + position),
    objectName: 'CommunicationWay',
    additionalInformation: null,
    create: berlinTimestamp(party.created + 120 + index),
    update: berlinTimestamp(party.created + 120 + index),
    contact: contactReference(party),
    type,
    value,
    key: reference('CommunicationWayKey', KEYS[type]),
    main: index === 0 ? '1' : '0',
    sevClient,
  }));
}
