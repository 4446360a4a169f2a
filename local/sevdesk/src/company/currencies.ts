import type { Cents } from './money.js';

/** How many units of a currency its price lists name for a euro, roughly; where none is given, the same figures as in euro. */
const UNITS_FOR_A_EURO: Readonly<Record<string, number>> = {
  JPY: 150,
  CZK: 25,
  DKK: 7.5,
  HUF: 400,
  ISK: 150,
  NOK: 11,
  PLN: 4.5,
  RON: 5,
  SEK: 11,
  TRY: 50,
  AUD: 1.6,
  BRL: 6,
  CAD: 1.5,
  CNY: 8,
  HKD: 9,
  IDR: 18_000,
  ILS: 4,
  INR: 90,
  KRW: 1500,
  MXN: 20,
  MYR: 5,
  NZD: 1.8,
  PHP: 65,
  SGD: 1.5,
  THB: 40,
  UAH: 45,
  ZAR: 20,
};

const ROUND_FROM = 100;

/** A price of a price list in a currency, in its hundredths; in currencies of small units in hundreds of units. */
export function priceIn(currency: string, euros: Cents): Cents {
  const units = UNITS_FOR_A_EURO[currency] ?? 1;
  return units >= ROUND_FROM ? Math.round((euros * units) / 10_000) * 10_000 : Math.round(euros * units);
}
