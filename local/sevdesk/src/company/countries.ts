import type { WireRecord } from './wire.js';

/** Code, English name, German name, dialling code; the id is the position, Germany first as in sevDesk. */
const COUNTRIES = [
  ['de', 'Germany', 'Deutschland'],
  ['ch', 'Switzerland', 'Schweiz'],
  ['at', 'Austria', 'Österreich'],
  ['fr', 'France', 'Frankreich'],
  ['nl', 'Netherlands', 'Niederlande'],
  ['gb', 'United Kingdom', 'Großbritannien'],
  ['us', 'United States', 'USA'],
  ['jp', 'Japan', 'Japan'],
  ['it', 'Italy', 'Italien'],
  ['es', 'Spain', 'Spanien'],
  ['be', 'Belgium', 'Belgien'],
  ['dk', 'Denmark', 'Dänemark'],
  ['pl', 'Poland', 'Polen'],
  ['se', 'Sweden', 'Schweden'],
  ['lu', 'Luxembourg', 'Luxemburg'],
  ['li', 'Liechtenstein', 'Liechtenstein'],
  ['cz', 'Czech Republic', 'Tschechien'],
  ['ie', 'Ireland', 'Irland'],
  ['pt', 'Portugal', 'Portugal'],
  ['ca', 'Canada', 'Kanada'],
  ['no', 'Norway', 'Norwegen'],
  ['hu', 'Hungary', 'Ungarn'],
  ['ro', 'Romania', 'Rumänien'],
  ['is', 'Iceland', 'Island'],
  ['tr', 'Turkey', 'Türkei'],
  ['au', 'Australia', 'Australien'],
  ['nz', 'New Zealand', 'Neuseeland'],
  ['br', 'Brazil', 'Brasilien'],
  ['mx', 'Mexico', 'Mexiko'],
  ['cn', 'China', 'China'],
  ['hk', 'Hong Kong', 'Hongkong'],
  ['kr', 'South Korea', 'Südkorea'],
  ['in', 'India', 'Indien'],
  ['id', 'Indonesia', 'Indonesien'],
  ['my', 'Malaysia', 'Malaysia'],
  ['ph', 'Philippines', 'Philippinen'],
  ['sg', 'Singapore', 'Singapur'],
  ['th', 'Thailand', 'Thailand'],
  ['il', 'Israel', 'Israel'],
  ['za', 'South Africa', 'Südafrika'],
] as const;

export type CountryCode = (typeof COUNTRIES)[number][0];

const idByCode = new Map<string, string>(COUNTRIES.map(([code], index) => [code, String(index + 1)]));

/** The StaticCountry id of an ISO code; Germany's is 1. */
export function countryId(code: CountryCode): string {
  return idByCode.get(code) ?? '1';
}

/** The StaticCountry list. These records carry no dates. */
export function staticCountries(): WireRecord[] {
  return COUNTRIES.map(([code, english, german], index) => ({
    id: String(index + 1),
    objectName: 'StaticCountry',
    additionalInformation: null,
    code,
    name: german,
    nameEn: english,
    translationCode: `COUNTRY_${english.toUpperCase().replaceAll(' ', '_')}`,
    locale: null,
    priority: index < 3 ? String(100 - index) : '0',
  }));
}
