import type { DateRange } from './calendar.js';
import { isIsoDate } from './calendar.js';
import type { Period } from './period.js';
import { PERIODS, rangeOf } from './period.js';
import type { IsoDate } from './calendar.js';

export const STATUSES = ['open', 'overdue', 'partially_paid', 'paid'] as const;

/** `overdue` is not a status of sevDesk's: something is still to be paid and the due date lies before today. */
export type Status = (typeof STATUSES)[number];

export const MEASURES = ['gross', 'net'] as const;

/** Whether revenue is counted with tax or without. Open amounts are always with tax: that is what customers owe. */
export type Measure = (typeof MEASURES)[number];

export const DATE_BASES = ['invoice', 'service'] as const;

/** The date that puts a document into a period: that of the invoice, or the end of the period in which the service was rendered. */
export type DateBasis = (typeof DATE_BASES)[number];

/** What the user narrows the figures to; a field that is not set narrows nothing. */
export interface Filters {
  readonly period: Period;
  readonly range: DateRange;
  readonly country?: string;
  readonly city?: string;
  readonly status?: Status;
  readonly currency?: string;
  readonly customer?: string;
  readonly measure: Measure;
  readonly dateBasis: DateBasis;
}

/** A value of the address line that means nothing and was left out. */
export interface IgnoredValue {
  readonly name: string;
  readonly value: string;
}

/** Whether a text is a currency as the filter takes it: `EUR`. */
export const isCurrencyCode = (value: string): boolean => /^[A-Z]{3}$/.test(value);

const MAX_CITY_LENGTH = 200;
const MAX_CUSTOMER_LENGTH = 200;

/** Reads filters from the address line; an address without a period means `fallback`. Values that mean nothing are left out and reported, so that an old link still opens. */
export function parseFilters(
  query: URLSearchParams,
  today: IsoDate,
  fallback: Exclude<Period, 'custom'> = 'all',
): { filters: Filters; ignored: readonly IgnoredValue[] } {
  const ignored: IgnoredValue[] = [];
  const read = (name: string, isValid: (value: string) => boolean): string | undefined => {
    const value = query.get(name)?.trim();
    if (value === undefined || value === '') return undefined;
    if (isValid(value)) return value;
    ignored.push({ name, value });
    return undefined;
  };
  const from = read('from', isIsoDate);
  const to = read('to', (value) => isIsoDate(value) && (from === undefined || value >= from));
  const named = read('period', (value) => (PERIODS as readonly string[]).includes(value)) as Period | undefined;
  const period = named ?? (from !== undefined || to !== undefined ? 'custom' : fallback);
  const country = read('country', (value) => /^[A-Z]{2}$/.test(value));
  const city = read('city', (value) => value.length <= MAX_CITY_LENGTH);
  const status = read('status', (value) => (STATUSES as readonly string[]).includes(value)) as Status | undefined;
  const currency = read('currency', isCurrencyCode);
  const customer = read('customer', (value) => value.length <= MAX_CUSTOMER_LENGTH);
  const measure = read('measure', (value) => (MEASURES as readonly string[]).includes(value)) as Measure | undefined;
  const dateBasis = read('date', (value) => (DATE_BASES as readonly string[]).includes(value)) as DateBasis | undefined;
  const filters: Filters = {
    period,
    measure: measure ?? 'gross',
    dateBasis: dateBasis ?? 'invoice',
    range: period === 'custom' ? { ...(from && { from }), ...(to && { to }) } : rangeOf(period, today),
    ...(country && { country }),
    ...(city && { city }),
    ...(status && { status }),
    ...(currency && { currency }),
    ...(customer && { customer }),
  };
  return { filters, ignored };
}

/** Whether an address leaves the period to the page. */
export const namesNoPeriod = (query: URLSearchParams): boolean =>
  ['period', 'from', 'to'].every((name) => (query.get(name) ?? '') === '');

/** The address line of filters, with some of them changed or (`undefined`) taken out. It always names the period. */
export function filterQuery(
  filters: Filters,
  change: Partial<Record<keyof FilterValues, string | undefined>> = {},
): URLSearchParams {
  const values = { ...filterValues(filters), ...change };
  return new URLSearchParams(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

interface FilterValues {
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
  readonly country?: string;
  readonly city?: string;
  readonly status?: string;
  readonly currency?: string;
  readonly customer?: string;
  readonly measure?: string;
  readonly date?: string;
}

function filterValues({
  period,
  range,
  country,
  city,
  status,
  currency,
  customer,
  measure,
  dateBasis,
}: Filters): FilterValues {
  return {
    period,
    ...(period === 'custom' && range),
    ...(country && { country }),
    ...(city && { city }),
    ...(status && { status }),
    ...(currency && { currency }),
    ...(customer && { customer }),
    ...(measure !== 'gross' && { measure }),
    ...(dateBasis !== 'invoice' && { date: dateBasis }),
  };
}
