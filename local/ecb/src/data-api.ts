import type { RateHistory } from './rates.js';

/** A refusal of the data API. */
export class DataApiError extends Error {
  override readonly name = 'DataApiError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The columns of `format=csvdata` for the EXR data flow, in the ECB's order. */
const COLUMNS = [
  'KEY',
  'FREQ',
  'CURRENCY',
  'CURRENCY_DENOM',
  'EXR_TYPE',
  'EXR_SUFFIX',
  'TIME_PERIOD',
  'OBS_VALUE',
  'OBS_STATUS',
  'OBS_CONF',
  'OBS_PRE_BREAK',
  'OBS_COM',
  'TIME_FORMAT',
  'BREAKS',
  'COLLECTION',
  'COMPILING_ORG',
  'DISS_ORG',
  'DOM_SER_IDS',
  'PUBL_ECB',
  'PUBL_MU',
  'PUBL_PUBLIC',
  'UNIT_INDEX_BASE',
  'COMPILATION',
  'COVERAGE',
  'DECIMALS',
  'NAT_TITLE',
  'SOURCE_AGENCY',
  'SOURCE_PUB',
  'TITLE',
  'TITLE_COMPL',
  'UNIT',
  'UNIT_MULT',
];

const NAMES: Readonly<Record<string, string>> = {
  CHF: 'Swiss franc',
  GBP: 'UK pound sterling',
  JPY: 'Japanese yen',
  PLN: 'Polish zloty',
  SEK: 'Swedish krona',
  USD: 'US dollar',
};

/** Reads a series key such as `D.USD+CHF.EUR.SP00.A`; an empty second part means every currency. */
function currenciesOf(key: string, known: readonly string[]): string[] {
  const [frequency, currencies = '', denominator, type, suffix, ...rest] = key.split('.');
  if (frequency !== 'D' || denominator !== 'EUR' || type !== 'SP00' || suffix !== 'A' || rest.length > 0) {
    throw new DataApiError(404, 'No results found.');
  }
  const wanted = currencies === '' ? known : currencies.split('+').filter((currency) => known.includes(currency));
  if (wanted.length === 0) throw new DataApiError(404, 'No results found.');
  return [...wanted].sort();
}

function period(params: URLSearchParams, name: string): string | null {
  const text = params.get(name);
  if (text !== null && !/^\d{4}(-\d{2}(-\d{2})?)?$/.test(text))
    throw new DataApiError(400, `Invalid date format for ${name}: ${text}`);
  return text;
}

/** A rate appears at about 16:00 in Frankfurt on its day; `updatedAfter` picks what appeared later. */
function publishedAfter(date: string, instant: number): boolean {
  return Date.parse(`${date}T16:00:00+01:00`) > instant;
}

/**
 * Answers `/service/data/EXR/{key}?format=csvdata` with `startPeriod`, `endPeriod` and `updatedAfter`: a row for each
 * currency and day, by currency and then by day, oldest first.
 */
export function exchangeRateCsv(history: RateHistory, key: string, params: URLSearchParams): string {
  const wanted = currenciesOf(key, history.currencies);
  const [start, end] = [period(params, 'startPeriod'), period(params, 'endPeriod')];
  const updatedAfter = params.get('updatedAfter');
  const after = updatedAfter === null ? -Infinity : Date.parse(updatedAfter);
  if (Number.isNaN(after)) throw new DataApiError(400, `Invalid date format for updatedAfter: ${updatedAfter ?? ''}`);
  const days = history.days
    .filter(
      ({ date }) =>
        (start === null || date >= start) && (end === null || date <= `${end}~`) && publishedAfter(date, after),
    )
    .reverse();
  const rows = wanted.flatMap((currency) =>
    days.flatMap(({ date, rates }) => (rates[currency] === undefined ? [] : [row(currency, date, rates[currency])])),
  );
  if (rows.length === 0) throw new DataApiError(404, 'No results found.');
  return [COLUMNS.join(','), ...rows, ''].join('\r\n');
}

function row(currency: string, date: string, rate: string): string {
  const name = NAMES[currency] ?? currency;
  const decimals = rate.split('.')[1]?.length ?? 0;
  const values: Record<string, string> = {
    KEY: `EXR.D.${currency}.EUR.SP00.A`,
    FREQ: 'D',
    CURRENCY: currency,
    CURRENCY_DENOM: 'EUR',
    EXR_TYPE: 'SP00',
    EXR_SUFFIX: 'A',
    TIME_PERIOD: date,
    OBS_VALUE: rate,
    OBS_STATUS: 'A',
    OBS_CONF: 'F',
    TIME_FORMAT: 'P1D',
    COLLECTION: 'A',
    DECIMALS: String(decimals),
    SOURCE_AGENCY: '4F0',
    TITLE: `${name}/Euro`,
    TITLE_COMPL: `"ECB reference exchange rate, ${name}/Euro, 2:15 pm (C.E.T.)"`,
    UNIT: currency,
    UNIT_MULT: '0',
  };
  return COLUMNS.map((column) => values[column] ?? '').join(',');
}
