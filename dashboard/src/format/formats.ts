import type { IsoDate } from '../filters/calendar.js';
import { isIsoDate, partsOf } from '../filters/calendar.js';
import type { Grain } from '../queries/trend.js';
import type { Decimal } from './decimal.js';
import type { Language } from './language.js';

const LOCALES: Readonly<Record<Language, string>> = { de: 'de-DE', en: 'en-GB' };

/** `6 Nov 2026` reads the same on both sides of the Atlantic; German dates are written in digits. */
const DATE_STYLES: Readonly<Record<Language, Intl.DateTimeFormatOptions>> = {
  de: { day: '2-digit', month: '2-digit', year: 'numeric' },
  en: { day: 'numeric', month: 'short', year: 'numeric' },
};

/** A currency as it was written; `?` where there is none. */
export function currencyName(currency: string | null): string {
  const name = currency?.trim() ?? '';
  return name === '' ? '?' : name;
}

/** What ECMA-402 takes as a currency; anything else makes it throw. */
const CURRENCY_CODE = /^[A-Za-z]{3}$/;

/** How figures are written in a language. Decimals are formatted from their text, so no cent is lost to a float. */
export interface Formats {
  readonly locale: string;
  /** `1.234,50 €`, always with cents. A currency that is none stands behind the amount as it was written; no amount is `–`. */
  money(value: Decimal | null, currency?: string | null): string;
  /** `1,2 Mio. €`, for axes. */
  roundedMoney(value: number): string;
  /** With a sign, for changes: `+12,3 %`. */
  change(ratio: number): string;
  percent(ratio: Decimal): string;
  /** Without decimals, for steps of a scale: `5 %`. */
  wholePercent(ratio: number): string;
  count(value: number): string;
  /** A rate or another number with as many places as it has, ten at most. */
  number(value: Decimal): string;
  /** Of a rate in percent, such as `19.00`: `19 %`. */
  taxRate(value: Decimal): string;
  /** `6 Nov 2026`, `06.11.2026`; what is no date as it came, and no date as `–`. */
  date(value: IsoDate | null): string;
  /** A date and time of day in the books' time zone. */
  dateTime(epochMs: number): string;
  /** A stretch's name: `März 2026`, `Q1 2026`. */
  stretch(from: IsoDate, grain: Grain): string;
  /** The same, as short as an axis needs it. */
  shortStretch(from: IsoDate, grain: Grain): string;
  /** How long ago something was: `vor 12 Minuten`. */
  ago(milliseconds: number): string;
}

export function makeFormats(language: Language, timeZone: string): Formats {
  const locale = LOCALES[language];
  const money = new Map<string, Intl.NumberFormat>();
  const moneyFormat = (currency: string): Intl.NumberFormat => {
    const known = money.get(currency);
    if (known) return known;
    const made = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    });
    money.set(currency, made);
    return made;
  };
  const rounded = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'EUR',
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  });
  const percent = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const wholePercent = new Intl.NumberFormat(locale, { style: 'percent' });
  const change = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  });
  const amount = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const count = new Intl.NumberFormat(locale);
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 10 });
  const taxRate = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const date = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...DATE_STYLES[language] });
  const { month: monthStyle } = DATE_STYLES[language];
  const dayMonth = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: monthStyle });
  const month = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' });
  const shortMonth = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'short' });
  const dateTime = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale);
  const quarter = (value: IsoDate): string => `Q${Math.ceil(partsOf(value).month / 3)}`;
  return {
    locale,
    money: (value, currency = 'EUR') => {
      if (value === null) return '–';
      const number = value as Intl.StringNumericLiteral;
      if (currency !== null && CURRENCY_CODE.test(currency)) return moneyFormat(currency).format(number);
      return `${amount.format(number)} ${currencyName(currency)}`;
    },
    roundedMoney: (value) => rounded.format(value),
    change: (ratio) => change.format(ratio),
    percent: (ratio) => percent.format(ratio as Intl.StringNumericLiteral),
    wholePercent: (ratio) => wholePercent.format(ratio),
    count: (value) => count.format(value),
    number: (value) => number.format(value as Intl.StringNumericLiteral),
    taxRate: (value) => taxRate.format(Number(value) / 100),
    date: (value) => (value === null ? '–' : isIsoDate(value) ? date.format(new Date(value)) : value),
    dateTime: (epochMs) => dateTime.format(epochMs),
    stretch: (from, grain) => {
      if (grain === 'day') return date.format(new Date(from));
      if (grain === 'month') return month.format(new Date(from));
      return grain === 'quarter' ? `${quarter(from)} ${partsOf(from).year}` : String(partsOf(from).year);
    },
    shortStretch: (from, grain) => {
      if (grain === 'day') return dayMonth.format(new Date(from));
      if (grain === 'month') return shortMonth.format(new Date(from));
      return grain === 'quarter' ? quarter(from) : String(partsOf(from).year);
    },
    ago: (milliseconds) => {
      const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
      if (minutes < 120) return relative.format(-minutes, 'minute');
      return minutes < 48 * 60
        ? relative.format(-Math.floor(minutes / 60), 'hour')
        : relative.format(-Math.floor(minutes / 1440), 'day');
    },
  };
}
