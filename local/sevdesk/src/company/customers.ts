import type { CountryCode } from './countries.js';
import type { Seconds } from './berlin-time.js';
import { DAY } from './berlin-time.js';
import type { PersonName } from './names.js';
import { companyName, personName } from './names.js';
import type { Place } from './places.js';
import { FAR_PLACES } from './far-places.js';
import { CURRENCY } from './country-customs.js';
import { PLACES as NEAR_PLACES } from './places.js';
import { Random } from './random.js';

/** Somebody whom the company writes invoices to, or buys from. */
export interface Party {
  readonly index: number;
  readonly kind: 'customer' | 'supplier';
  readonly name: string;
  /** Set when the party is a person rather than an organisation. */
  readonly person: PersonName | undefined;
  readonly place: Place;
  readonly country: CountryCode;
  readonly zip: string;
  readonly street: string;
  readonly houseNumber: number;
  readonly currency: string;
  /** Whether the contact's own address is on file; where it is not, only the invoice can tell the city. */
  readonly hasAddress: boolean;
  readonly created: Seconds;
}

const STREAM = 1;
const PLACES = [...NEAR_PLACES, ...FAR_PLACES];
const totalWeight = PLACES.reduce((sum, place) => sum + place.weight, 0);

function placeFor(random: Random): Place {
  let rest = random.next() * totalWeight;
  for (const place of PLACES) {
    rest -= place.weight;
    if (rest < 0) return place;
  }
  throw new RangeError('the weights do not add up');
}

/** How many customers a company with so many invoices has. */
export function customerCount(invoices: number): number {
  return Math.max(PLACES.length, Math.ceil(4 * Math.sqrt(invoices)));
}

/** The customers, then the suppliers; the first customers live in each of the known places once. */
export function makeParties(seed: number, invoices: number, begin: Seconds): Party[] {
  const customers = customerCount(invoices);
  const suppliers = Math.ceil(customers / 4);
  return Array.from({ length: customers + suppliers }, (_, index) => {
    const random = new Random(seed, STREAM, index);
    const place = PLACES[index] ?? placeFor(random);
    const kind = index < customers ? 'customer' : 'supplier';
    const person = random.chance(0.15) ? personName(random) : undefined;
    const home = CURRENCY[place.country];
    return {
      index,
      kind,
      name: person ? `${person.given} ${person.family}` : companyName(random, place.country),
      person,
      place,
      country: place.country,
      zip: random.pick(place.zips),
      street: random.pick(place.streets),
      houseNumber: random.integer(1, 180),
      currency:
        home !== undefined && (index < PLACES.length || random.chance(0.85))
          ? home
          : random.chance(0.02)
            ? 'USD'
            : 'EUR',
      hasAddress: index < PLACES.length || !random.chance(0.08),
      created: begin - random.integer(1, 300 * DAY),
    };
  });
}
