import { UnexpectedResponseError } from '@singer-io-ts/sdk';
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { isCurrency, isDate, isRate, type Rate } from './rate.js';

/** What stands where a currency has no rate on a day. */
const NONE = new Set(['', 'N/A']);

const unexpected = (what: string): UnexpectedResponseError =>
  new UnexpectedResponseError({ message: `the history of rates is not as the ECB publishes it: ${what}` });

/**
 * Reads `eurofxref-hist.zip`: one CSV file with a line a day and a column a currency. Currencies that are gone keep their
 * column, with `N/A` where they have no rate.
 */
export function parseHistory(zip: Uint8Array): Rate[] {
  return parseHistoryCsv(unzipCsv(zip));
}

function unzipCsv(zip: Uint8Array): string {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(zip, { filter: ({ name }) => name.endsWith('.csv') });
  } catch (error) {
    throw new UnexpectedResponseError({ message: 'the history of rates is not a readable zip file', cause: error });
  }
  const [file, ...others] = Object.values(files);
  if (file === undefined || others.length > 0) throw unexpected('the zip file does not hold exactly one CSV file');
  return strFromU8(file);
}

function parseHistoryCsv(csv: string): Rate[] {
  let rows: string[][];
  try {
    rows = parse(csv, { trim: true, skipEmptyLines: true, bom: true });
  } catch (error) {
    throw new UnexpectedResponseError({ message: 'the history of rates is not a readable CSV file', cause: error });
  }
  const [header = [], ...days] = rows;
  if (header[0] !== 'Date' || days.length === 0) throw unexpected('no column Date, or no day');
  // Every line ends in a comma, so the last column has no name.
  const currencies = header.slice(1).filter((name) => name !== '');
  const odd = currencies.find((name) => !isCurrency(name));
  if (odd !== undefined) throw unexpected(`a column is named "${odd.slice(0, 20)}"`);
  return days.flatMap(([date = '', ...rates]) => {
    if (!isDate(date)) throw unexpected(`a line starts with "${date.slice(0, 20)}" instead of a date`);
    return currencies.flatMap((currency, index) => {
      const rate = rates[index] ?? '';
      if (NONE.has(rate)) return [];
      if (!isRate(rate)) throw unexpected(`the rate of ${currency} on ${date} is "${rate.slice(0, 20)}"`);
      return [{ date, currency, rate }];
    });
  });
}
