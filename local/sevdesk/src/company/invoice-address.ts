import type { PostalAddress } from './address-text.js';
import { addressText, streetLine } from './address-text.js';
import { countryId } from './countries.js';
import type { Party } from './customers.js';
import { COUNTRY_LINE } from './country-customs.js';
import type { Random } from './random.js';
import type { Reference } from './wire.js';
import { reference } from './wire.js';

/** The address fields of an invoice. */
export interface InvoiceAddress {
  readonly addressName: string | null;
  readonly addressStreet: string | null;
  readonly addressZip: string | null;
  readonly addressCity: string | null;
  readonly address: string | null;
  readonly addressCountry: Reference | undefined;
}

const NO_FIELDS = { addressName: null, addressStreet: null, addressZip: null, addressCity: null };

/**
 * How an invoice tells where its customer is: mostly in free text only, often in fields, sometimes in fields with another
 * spelling of the city, and now and then not at all, so that only the contact's own address can tell.
 */
export function invoiceAddress(party: Party, random: Random): InvoiceAddress {
  const { place } = party;
  const drawn = random.next();
  const country =
    place.isKeptInFields === true || random.chance(0.95)
      ? reference('StaticCountry', countryId(party.country))
      : undefined;
  const postalAddress = (city: string): PostalAddress => ({
    name: party.name,
    country: party.country,
    street: party.street,
    houseNumber: party.houseNumber,
    zip: party.zip,
    city,
    region: place.region,
  });
  const postal = postalAddress(place.city);
  const fields = (city: string) => ({
    addressName: party.name,
    addressStreet: streetLine(postal),
    addressZip: party.zip,
    addressCity: city,
  });
  const spelling = place.spellings === undefined ? place.city : random.pick(place.spellings);
  const text = addressText(drawn > 0.94 ? postalAddress(spelling) : postal, random);
  if (drawn < 0.3 || place.isKeptInFields === true)
    return { ...fields(place.city), address: text, addressCountry: country };
  if (drawn < 0.38)
    return {
      ...fields(spelling),
      address: addressText(postalAddress(spelling), random),
      addressCountry: country,
    };
  if (drawn < 0.4)
    return { ...NO_FIELDS, addressCity: ` ${place.city.toUpperCase()}  `, address: null, addressCountry: country };
  if (drawn < 0.47 || (!party.hasAddress && drawn < 0.7)) {
    const nowhere = random.pick([null, party.name, `${party.name}\n${COUNTRY_LINE[party.country] ?? 'Deutschland'}`]);
    return { ...NO_FIELDS, address: nowhere, addressCountry: random.chance(0.5) ? country : undefined };
  }
  return { ...NO_FIELDS, address: text, addressCountry: country };
}
