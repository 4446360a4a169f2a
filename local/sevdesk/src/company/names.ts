import type { CountryCode } from './countries.js';
import type { Random } from './random.js';

const STEMS = [
  'Müller',
  'Alpenblick',
  'Nordlicht',
  'Schwarzwald',
  'Hafen',
  'Kaiser',
  'Lindner',
  'Grün & Söhne',
  'Brückner',
  'Sonnenhof',
  'Weiß',
  'Ostsee',
  'Rosenthal',
  'Pixelwerk',
  'Datenfluss',
  'Kornblume',
  'Bergmann',
  'Café Zuckerstück',
  'Öko-Markt',
  'Stahlbau König',
  'Praxis am Park',
  'Zahnarztpraxis Dr. Ahrens',
];
const FOREIGN_STEMS = [
  'Lumière',
  'Atelier Dubois',
  'Van der Berg',
  'Tulip',
  'Blackfriars',
  "O'Connor",
  'Thames',
  'Hudson',
  'Bay Area Robotics',
  'Sakura',
  'Nakamura',
  'Gotthard',
  'Matterhorn',
  'Donau',
  'Bianchi',
  'Núñez',
];
const TRADES = [
  'Consulting',
  'Media',
  'Software',
  'Logistik',
  'Handel',
  'Design',
  'Elektrotechnik',
  'Verlag',
  'Studio',
  'Immobilien',
  'Werkzeuge',
  'Events',
];
const FORMS: Partial<Record<CountryCode, readonly string[]>> = {
  de: ['GmbH', 'GmbH & Co. KG', 'AG', 'e.K.', 'UG (haftungsbeschränkt)', 'eG'],
  at: ['GmbH', 'OG', 'KG'],
  ch: ['AG', 'GmbH', 'SA'],
  fr: ['SARL', 'SAS', 'S.A.'],
  nl: ['B.V.', 'N.V.'],
  gb: ['Ltd', 'PLC', 'LLP'],
  us: ['Inc.', 'LLC', 'Corp.'],
  jp: ['K.K.', '株式会社'],
  it: ['S.r.l.', 'S.p.A.'],
  es: ['S.L.', 'S.A.'],
};
const GIVEN = [
  'Jürgen',
  'Anna',
  'Zoë',
  'Björn',
  'Mónica',
  'François',
  'Emily',
  'Yuki',
  'Søren',
  'Katharina',
  'Lars-Erik',
  'Chloé',
  'Matthias',
  'Aylin',
];
const FAMILY = [
  'Groß',
  'Schäfer',
  "D'Angelo",
  'von der Heide',
  'Yılmaz',
  'Łukasz',
  'Müller-Lüdenscheidt',
  'Smith',
  'Tanaka',
  'Øverland',
  'Weber',
  'Krüger',
  'Dupré',
  'Ó Súilleabháin',
];
/** Names that have broken somebody's import before. */
const AWKWARD = [
  'Bäckerei "Zum Goldenen Löffel" GmbH',
  "Zoë's Café 🍰 & Bar",
  'Möbelhaus Nord\nFiliale Süd',
  'Straßen- und Tiefbau; Inh. Groß',
  'C:\\Daten GmbH',
  'Grün, Weiß & Partner, Steuerberater',
  'Ümläut <Test> & Co.',
  'NULL GmbH',
];

export interface PersonName {
  readonly given: string;
  readonly family: string;
  readonly gender: 'm' | 'w';
}

/** A company's name in the fashion of its country; now and then an awkward one. */
export function companyName(random: Random, country: CountryCode): string {
  if (random.chance(0.05)) return random.pick(AWKWARD);
  const stem = random.pick(country === 'de' || country === 'at' ? STEMS : FOREIGN_STEMS);
  return `${stem} ${random.pick(TRADES)} ${random.pick(FORMS[country] ?? ['Ltd'])}`;
}

export function personName(random: Random): PersonName {
  return { given: random.pick(GIVEN), family: random.pick(FAMILY), gender: random.chance(0.5) ? 'm' : 'w' };
}
