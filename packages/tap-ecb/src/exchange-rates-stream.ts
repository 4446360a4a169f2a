import { RecordStream, type JsonObject, type JsonSchema, type RecordsRequest } from '@singer-io-ts/sdk';
import type { Rate } from './rate.js';
import type { RateFile } from './reference-rates.js';

/** Where the stream reads from. */
export interface RateSource {
  daily(): Promise<RateFile>;
  ninetyDays(): Promise<RateFile>;
  history(): Promise<RateFile>;
}

export interface ExchangeRatesOptions {
  source: RateSource;
  /** Rates of days before this one are left out. @default none are */
  startDate?: string | undefined;
  /** @default all currencies */
  currencies?: readonly string[] | undefined;
  /** How many days before the bookmark are read again when a new day is out. */
  lookbackDays: number;
}

const DAY_MS = 86_400_000;

/** How far back the 90-day file surely reaches. */
const RECENT_DAYS = 85;

const daysBefore = (date: string, days: number): string =>
  new Date(Date.parse(date) - days * DAY_MS).toISOString().slice(0, 10);

const newestDate = (rates: readonly Rate[]): string =>
  rates.reduce((newest, { date }) => (date > newest ? date : newest), '');

/**
 * Reference rates, a record per day and currency, incremental by day. The smallest file that can tell is read first: as long
 * as no new day is out, a run asks for the daily file only and writes nothing. Corrections of the days within the lookback
 * arrive with the next new day.
 */
export class ExchangeRatesStream extends RecordStream {
  override readonly name = 'exchange_rates';
  override readonly primaryKeys = ['currency', 'rate_date'];
  override readonly replicationKey = 'rate_date';
  /** Oldest day first: an interrupted run leaves a state that the next one can go on from. */
  override readonly sorted = true;
  override readonly schema: JsonSchema = {
    type: 'object',
    required: ['currency', 'rate_date', 'rate'],
    properties: {
      currency: { type: 'string', description: 'ISO 4217 code' },
      rate_date: { type: 'string', format: 'date', description: 'Day of publication' },
      rate: {
        type: 'string',
        description: 'Units of the currency for one euro, as the decimal text that was published',
      },
    },
  };
  readonly #options: ExchangeRatesOptions;

  constructor(options: ExchangeRatesOptions) {
    super();
    this.#options = options;
  }

  override async *records({ since, completeUntil }: RecordsRequest): AsyncGenerator<JsonObject> {
    const { source, startDate = '', lookbackDays } = this.#options;
    const known = typeof since === 'string' ? since : undefined;
    const { rates, serverDateMs } = await this.#read(source, known, lookbackDays);
    completeUntil(new Date(serverDateMs ?? Date.now()));
    // With no new day there is nothing to write; the state still says until when that is known.
    if (known !== undefined && newestDate(rates) <= known) return;
    const from = known === undefined ? startDate : daysBefore(known, lookbackDays);
    const wanted = rates.filter(({ date }) => date >= from && date >= startDate);
    for (const { date, currency, rate } of [...wanted].sort((a, b) => compare(a.date, b.date)))
      yield { currency, rate_date: date, rate };
  }

  /** The smallest file that holds everything since the bookmark, or only the daily one when that has nothing new. */
  async #read(source: RateSource, known: string | undefined, lookbackDays: number): Promise<RateFile> {
    if (known === undefined) return this.#wanted(await source.history());
    const daily = this.#wanted(await source.daily());
    const newest = newestDate(daily.rates);
    if (newest <= known) return daily;
    const isRecent = daysBefore(known, lookbackDays) >= daysBefore(newest, RECENT_DAYS);
    return this.#wanted(await (isRecent ? source.ninetyDays() : source.history()));
  }

  #wanted({ rates, serverDateMs }: RateFile): RateFile {
    const { currencies } = this.#options;
    return {
      rates: currencies === undefined ? rates : rates.filter(({ currency }) => currencies.includes(currency)),
      serverDateMs,
    };
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
