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

const DAY_MS = 86_400_000;

/** The history and, for each weekday after its last day up to `until` (`YYYY-MM-DD`), the last day's rates again. */
export function carriedUntil(history: RateHistory, until: string): RateHistory {
  const [last] = history.days;
  if (last === undefined) return history;
  const days: RateDay[] = [];
  for (let time = Date.parse(last.date) + DAY_MS; time <= Date.parse(until); time += DAY_MS) {
    const day = new Date(time);
    if (day.getUTCDay() % 6 !== 0) days.unshift({ date: day.toISOString().slice(0, 10), rates: last.rates });
  }
  return { ...history, days: [...days, ...history.days] };
}
