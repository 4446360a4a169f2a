import type { CountryCode } from './countries.js';

/** A town that customers live in, with streets as they are written there. */
export interface Place {
  readonly country: CountryCode;
  readonly city: string;
  /** Postal codes; of the form in use there. */
  readonly zips: readonly string[];
  readonly streets: readonly string[];
  /** Other ways in which people write the city: districts, abbreviations, foreign names. */
  readonly spellings?: readonly string[];
  /** The part of the country that the address form names: a US state, a Japanese prefecture. */
  readonly region?: string;
  /** How many of the customers live there, relatively. */
  readonly weight: number;
  /** Whether addresses there always stand in fields, with the country. @default false */
  readonly isKeptInFields?: boolean;
}

const german = ['Hauptstraße', 'Bahnhofstr.', 'Am Alten Markt', 'Goethestraße', 'Industrieweg', 'Lindenallee'];
const austrian = ['Mariahilfer Straße', 'Landstraßer Hauptstraße', 'Hauptplatz', 'Getreidegasse'];
const british = ['High Street', 'Station Road', 'Victoria Street', 'Church Lane'];

export const PLACES: readonly Place[] = [
  {
    country: 'de',
    city: 'Berlin',
    zips: ['10115', '10437', '12043', '13353'],
    streets: ['Torstraße', 'Kastanienallee', 'Karl-Marx-Straße', 'Müllerstr.'],
    spellings: ['Berlin-Mitte', 'Berlin - Neukölln', 'BERLIN', 'Berlin (Wedding)'],
    weight: 14,
  },
  {
    country: 'de',
    city: 'München',
    zips: ['80331', '80799', '81667'],
    streets: ['Leopoldstraße', 'Sendlinger Str.', 'Rosenheimer Straße'],
    spellings: ['Muenchen', 'München-Schwabing', 'MÜNCHEN', 'Munich'],
    weight: 11,
  },
  {
    country: 'de',
    city: 'Hamburg',
    zips: ['20095', '22765', '21073'],
    streets: ['Jungfernstieg', 'Große Elbstraße', 'Sand'],
    spellings: ['Hamburg-Altona', 'hamburg', 'Hamburg-Harburg'],
    weight: 9,
  },
  {
    country: 'de',
    city: 'Köln',
    zips: ['50667', '50823'],
    streets: ['Venloer Straße', 'Hohe Straße'],
    spellings: ['Koeln', 'Köln-Ehrenfeld', 'Cologne'],
    weight: 7,
  },
  {
    country: 'de',
    city: 'Frankfurt am Main',
    zips: ['60311', '60594'],
    streets: ['Zeil', 'Schweizer Straße'],
    spellings: ['Frankfurt a. M.', 'Frankfurt/Main', 'Frankfurt'],
    weight: 6,
  },
  {
    country: 'de',
    city: 'Stuttgart',
    zips: ['70173', '70565'],
    streets: ['Königstraße', 'Vaihinger Straße'],
    spellings: ['Stuttgart-Vaihingen'],
    weight: 4,
  },
  {
    country: 'de',
    city: 'Leipzig',
    zips: ['04109', '04229'],
    streets: german,
    spellings: [' Leipzig', 'LEIPZIG'],
    weight: 3,
  },
  { country: 'de', city: 'Offenburg', zips: ['77652', '77656'], streets: german, weight: 3 },
  { country: 'de', city: 'Bad Säckingen', zips: ['79713'], streets: german, weight: 1 },
  { country: 'de', city: 'Garmisch-Partenkirchen', zips: ['82467'], streets: german, weight: 1 },
  {
    country: 'at',
    city: 'Wien',
    zips: ['1010', '1070', '1030'],
    streets: austrian,
    spellings: ['Vienna', 'Wien ', 'WIEN'],
    weight: 6,
  },
  { country: 'at', city: 'Graz', zips: ['8010', '8020'], streets: austrian, weight: 2 },
  { country: 'at', city: 'Salzburg', zips: ['5020'], streets: austrian, weight: 2 },
  {
    country: 'ch',
    city: 'Zürich',
    zips: ['8001', '8005', '8050'],
    streets: ['Bahnhofstrasse', 'Langstrasse', 'Limmatquai'],
    spellings: ['Zuerich', 'Zürich-Oerlikon', 'Zurich'],
    weight: 6,
  },
  { country: 'ch', city: 'Basel', zips: ['4051', '4058'], streets: ['Freie Strasse', 'Steinenvorstadt'], weight: 3 },
  {
    country: 'ch',
    city: 'Genève',
    zips: ['1201', '1204'],
    streets: ['Rue du Rhône', 'Rue de Lausanne'],
    spellings: ['Genf', 'Geneva'],
    weight: 2,
  },
  {
    country: 'fr',
    city: 'Paris',
    zips: ['75003', '75011', '75015'],
    streets: ['rue de Turenne', 'boulevard Voltaire', 'rue Lecourbe'],
    spellings: ['PARIS', 'Paris 11e'],
    weight: 4,
  },
  {
    country: 'fr',
    city: 'Strasbourg',
    zips: ['67000', '67200'],
    streets: ['rue des Hallebardes', 'quai des Bateliers'],
    spellings: ['STRASBOURG', 'Strasbourg Cedex'],
    weight: 3,
  },
  { country: 'fr', city: 'Saint-Étienne', zips: ['42000'], streets: ['cours Fauriel'], weight: 1 },
  {
    country: 'nl',
    city: 'Amsterdam',
    zips: ['1012 JS', '1071 XX', '1017AB'],
    streets: ['Herengracht', 'Van Baerlestraat', 'Damrak'],
    spellings: ['AMSTERDAM'],
    weight: 3,
  },
  {
    country: 'nl',
    city: "'s-Hertogenbosch",
    zips: ['5211 AX'],
    streets: ['Hinthamerstraat'],
    spellings: ['Den Bosch'],
    weight: 1,
  },
  {
    country: 'gb',
    city: 'London',
    zips: ['EC1A 1BB', 'SW1A 2AA', 'N1 9GU'],
    streets: british,
    spellings: ['LONDON', 'London '],
    weight: 4,
  },
  { country: 'gb', city: 'Manchester', zips: ['M1 1AE', 'M4 5JD'], streets: british, weight: 2 },
  { country: 'gb', city: 'Stratford-upon-Avon', zips: ['CV37 6BB'], streets: british, weight: 1 },
  {
    country: 'us',
    city: 'New York',
    zips: ['10001', '10013-1234'],
    streets: ['Broadway', 'W 34th Street'],
    region: 'NY',
    spellings: ['New York City', 'NEW YORK'],
    weight: 4,
  },
  {
    country: 'us',
    city: 'San Francisco',
    zips: ['94103', '94107'],
    streets: ['Market Street', 'Howard St'],
    region: 'CA',
    weight: 3,
  },
  { country: 'us', city: 'St. Louis', zips: ['63101'], streets: ['Olive Street'], region: 'MO', weight: 1 },
  {
    country: 'jp',
    city: 'Tokyo',
    zips: ['150-0002', '100-0005'],
    streets: ['Shibuya', 'Marunouchi'],
    region: 'Tokyo',
    spellings: ['Tōkyō', '東京'],
    weight: 2,
  },
  { country: 'jp', city: 'Osaka', zips: ['530-0001'], streets: ['Umeda'], region: 'Osaka', weight: 1 },
  {
    country: 'it',
    city: 'Milano',
    zips: ['20121'],
    streets: ['Via Dante', 'Corso Como'],
    spellings: ['Mailand'],
    weight: 1,
  },
  {
    country: 'es',
    city: 'Barcelona',
    zips: ['08001', '08036'],
    streets: ['Carrer de Mallorca', 'La Rambla'],
    weight: 1,
  },
];
