import type { CountryCode } from './countries.js';
import { COUNTRY_LINE } from './country-customs.js';
import type { Random } from './random.js';

/** What an envelope needs; `city` may be any spelling of the place. */
export interface PostalAddress {
  readonly name: string;
  readonly country: CountryCode;
  readonly street: string;
  readonly houseNumber: number;
  readonly zip: string;
  readonly city: string;
  readonly region: string | undefined;
}

/** The street line as the country writes it: number last, number first, or a Japanese block. */
export function streetLine({ country, street, houseNumber }: PostalAddress): string {
  if (country === 'fr') return `${houseNumber}, ${street}`;
  if (country === 'gb' || country === 'us') return `${houseNumber} ${street}`;
  if (country === 'jp') return `${1 + (houseNumber % 5)}-${1 + (houseNumber % 11)}-${houseNumber} ${street}`;
  return `${street} ${houseNumber}`;
}

function cityLines(address: PostalAddress, random: Random): string[] {
  const { country, zip, city, region = '' } = address;
  switch (country) {
    case 'gb':
      return random.chance(0.6) ? [city, zip] : [`${city} ${zip}`];
    case 'us':
      return [`${city}, ${region} ${zip}`];
    case 'jp':
      return random.chance(0.7) ? [`${city} ${zip}`] : [`〒${zip}`, city];
    case 'nl':
      return [`${zip}  ${city}`];
    case 'at':
      return [random.chance(0.3) ? `A-${zip} ${city}` : `${zip} ${city}`];
    case 'ch':
      return [random.chance(0.4) ? `CH-${zip} ${city}` : `${zip} ${city}`];
    case 'de':
      return [random.chance(0.08) ? `D-${zip} ${city}` : `${zip} ${city}`];
    default:
      return [`${zip} ${city}`];
  }
}

/** Postal codes with the country's letter in front, and the code in a line of its own: ways of writing that people have on the continent. */
const LETTER: Partial<Record<CountryCode, string>> = { de: 'D', at: 'A', ch: 'CH' };

function unusual(lines: readonly string[], { country, zip, city }: PostalAddress, random: Random): readonly string[] {
  const letter = LETTER[country];
  if (letter === undefined || !random.chance(0.15)) return lines;
  const cityLine = lines.at(-1) ?? '';
  const written = random.pick([
    `${letter} ${zip} ${city}`,
    `${letter} - ${zip} ${city}`,
    `${zip}\u00a0${city}`,
    `${zip}\n${city}`,
    cityLine.toUpperCase(),
  ]);
  return [...lines.slice(0, -1), written];
}

/** How lines are kept apart: mostly by LF, in texts of other programs by CRLF or as HTML. */
function lineBreak(random: Random): string {
  const drawn = random.next();
  return drawn < 0.06 ? '\r\n' : drawn < 0.09 ? '<br>' : drawn < 0.11 ? '<br />\n' : '\n';
}

/** The free text of an invoice's `address` field: name, street, city and, abroad, mostly the country. */
export function addressText(address: PostalAddress, random: Random): string {
  const lines = [address.name];
  if (address.country === 'de' && random.chance(0.12))
    lines.push(random.pick(['z. Hd. Buchhaltung', 'c/o Betahaus', 'Hinterhaus, 2. OG', 'Postfach 10 11 12']));
  lines.push(streetLine(address), ...unusual(cityLines(address, random), address, random));
  const country = COUNTRY_LINE[address.country];
  if (country !== undefined && random.chance(0.8)) lines.push(random.chance(0.3) ? country.toUpperCase() : country);
  return lines.join(lineBreak(random));
}
