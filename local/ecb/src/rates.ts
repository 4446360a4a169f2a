import { readFileSync } from 'node:fs';

/** The rates of one publishing day: units of the currency for one euro, as the ECB wrote them. */
export interface RateDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly rates: Readonly<Record<string, string>>;
}

/** The reference rates of a history file, newest day first. */
export interface RateHistory {
  readonly currencies: readonly string[];
  readonly days: readonly RateDay[];
}

/** Reads the layout of `eurofxref-hist.csv`; `N/A` and empty cells are left out. */
export function parseRateHistory(csv: string): RateHistory {
  const [header = '', ...lines] = csv.split(/\r?\n/).filter((line) => line.trim() !== '');
  const currencies = header
    .split(',')
    .slice(1)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const days = lines.map((line) => {
    const [date = '', ...cells] = line.split(',').map((cell) => cell.trim());
    const known = currencies.map((currency, index) => [currency, cells[index] ?? ''] as const);
    return { date, rates: Object.fromEntries(known.filter(([, rate]) => rate !== '' && rate !== 'N/A')) };
  });
  days.sort((left, right) => (left.date < right.date ? 1 : -1));
  return { currencies, days };
}

/** Where the excerpt of real rates stands that this repository ships. */
export const shippedRatesUrl = new URL('../../../fixtures/ecb/eurofxref-hist.csv', import.meta.url);

/** The rates in a file of the ECB's layout, by default those that this repository ships. */
export function loadRateHistory(file: string | URL = shippedRatesUrl): RateHistory {
  return parseRateHistory(readFileSync(file, 'utf8'));
}
