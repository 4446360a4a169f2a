import { loadRateHistory } from 'local-ecb';
import type { RateHistory } from 'local-ecb';
import type { Seconds } from './berlin-time.js';
import { berlinDate, DAY } from './berlin-time.js';
import type { Cents } from './money.js';
import { roundCents } from './money.js';

/** Converts document sums into the account's euros at the ECB's rate of the day, or of the last working day before it. */
export class Exchange {
  readonly #ratesByDay = new Map<number, Readonly<Record<string, string>>>();
  readonly #firstDay: number;
  readonly #lastDay: number;

  constructor(history: RateHistory = loadRateHistory()) {
    const days = history.days.map(({ date, rates }) => [Date.parse(date) / 1000 / DAY, rates] as const).reverse();
    this.#firstDay = days[0]?.[0] ?? 0;
    this.#lastDay = days.at(-1)?.[0] ?? 0;
    let next = 0;
    let rates: Readonly<Record<string, string>> = {};
    for (let day = this.#firstDay; day <= this.#lastDay; day += 1) {
      while ((days[next]?.[0] ?? Infinity) <= day) rates = days[next++]?.[1] ?? rates;
      this.#ratesByDay.set(day, rates);
    }
  }

  /** Units of the currency for one euro on the Berlin date of an instant; NaN when none is published. After the last day its rates hold. */
  rate(currency: string, instant: Seconds): number {
    if (currency === 'EUR') return 1;
    const day = Date.parse(berlinDate(instant)) / 1000 / DAY;
    const rates = this.#ratesByDay.get(Math.min(Math.max(day, this.#firstDay), this.#lastDay));
    return Number(rates?.[currency]);
  }

  /** 0 for a currency without a rate: nobody booked it. */
  toEuro(cents: Cents, currency: string, instant: Seconds): Cents {
    const euros = roundCents(cents / this.rate(currency, instant));
    return Number.isNaN(euros) ? 0 : euros;
  }
}
