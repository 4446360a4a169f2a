import { ExactNumber } from '../json/exact-number.js';

/** A value of a replication key. */
export type ReplicationValue = string | number | ExactNumber;

const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[tT ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(?:([zZ])| ?([+-]\d\d):?(\d\d)?)?)?$/;

/** Whether a value of a record can be a replication key's. */
export function isReplicationValue(value: unknown): value is ReplicationValue {
  return typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber;
}

/**
 * Compares two values of a replication key: dates and times as instants (without an offset they are taken as UTC),
 * numbers as numbers with all their digits, other texts by their characters.
 *
 * @returns negative when `a` comes first, positive when `b` does, 0 when they are equal
 */
export function compareReplicationValues(a: ReplicationValue, b: ReplicationValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareInstants(a, b) ?? compareTexts(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compareDecimals(String(a), String(b));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareInstants(a: string, b: string): number | undefined {
  const first = instantOf(a);
  const second = instantOf(b);
  if (!first || !second) return undefined;
  return first.ms - second.ms || compareTexts(first.fraction, second.fraction);
}

/** Whole seconds as milliseconds, and the digits after the point, of which there may be more than a Date holds. */
function instantOf(text: string): { ms: number; fraction: string } | undefined {
  const match = INSTANT.exec(text);
  if (!match) return undefined;
  const [, date = '', time = '00:00', fraction = '', , hours, minutes = '00'] = match;
  const ms = Date.parse(`${date}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`);
  return Number.isNaN(ms) ? undefined : { ms, fraction: fraction.replace(/0+$/, '') };
}

function compareDecimals(a: string, b: string): number {
  const first = /^(-?)(\d+)(?:\.(\d+))?$/.exec(a);
  const second = /^(-?)(\d+)(?:\.(\d+))?$/.exec(b);
  if (!first || !second) return Number(a) - Number(b);
  const places = Math.max(first[3]?.length ?? 0, second[3]?.length ?? 0);
  const scaled = ([, sign = '', whole = '', fraction = '']: RegExpExecArray): bigint =>
    BigInt(`${sign}${whole}${fraction.padEnd(places, '0')}`);
  const difference = scaled(first) - scaled(second);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
