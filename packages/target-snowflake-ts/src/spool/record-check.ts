import { ExactNumber, parseJson, RecordError, type JsonObject, type RecordLine } from '@singer-io-ts/sdk';
import type { StreamPlan } from '../plan/stream-plan.js';

/** Checks what a schema cannot say: that the key is there, and that no number would be rounded on its way into its column. */
export type RecordCheck = (record: RecordLine) => void;

/**
 * Compiles the check of a stream's records. A number is judged by its decimal text; the quick way, which does for all but very long
 * numbers, is by doubles.
 *
 * @returns a function that throws {@link RecordError} naming line and property, never the value
 */
export function compileRecordCheck(
  { stream, properties, keys }: Pick<StreamPlan, 'stream' | 'properties' | 'keys'>,
  requiredKeys: readonly string[],
  maxBytes: number,
): RecordCheck {
  const keyNames = requiredKeys.length > 0 ? requiredKeys : keys.map((index) => properties[index]?.property ?? '');
  const numbers = properties.flatMap(({ property, column: { type } }) =>
    type.kind === 'number'
      ? [{ property, precision: type.precision, scale: type.scale, factor: 10 ** type.scale }]
      : [],
  );
  const refuse = (line: number, what: string): never => {
    throw new RecordError({ message: `line ${line}: record of stream "${stream}" ${what}`, stream, line });
  };
  return (line) => {
    const { record } = line;
    for (const key of keyNames) {
      if (record[key] === undefined || record[key] === null)
        refuse(line.line, `has no value for its key property "${key}"`);
    }
    if (line.bytes.end - line.bytes.start > maxBytes) {
      refuse(
        line.line,
        `is ${line.bytes.end - line.bytes.start} bytes long; at most ${maxBytes} are taken (setting "max_record_bytes")`,
      );
    }
    for (const { property, precision, scale, factor } of numbers) {
      const value = record[property];
      if (value === undefined || value === null) continue;
      if (typeof value === 'number' && !line.mayLoseDigits && fitsAsDouble(value, factor)) continue;
      const text =
        typeof value === 'number' ? exactText(line, property, value) : typeof value === 'string' ? value : undefined;
      if (text === undefined || fitsDecimal(text, precision, scale)) continue;
      refuse(
        line.line,
        `has more digits in "${property}" than NUMBER(${precision},${scale}) holds; it would be rounded`,
      );
    }
  };
}

/** Whether a double is the nearest one to a decimal with so many digits behind the point. Past 2^53 doubles cannot tell. */
function fitsAsDouble(value: number, factor: number): boolean {
  const scaled = value * factor;
  return Math.abs(scaled) < 9_007_199_254_740_992 && Math.round(scaled) / factor === value;
}

function exactText(
  { bytes: { buffer, start, end }, mayLoseDigits }: RecordLine,
  property: string,
  value: number,
): string {
  if (!mayLoseDigits) return String(value);
  const exact = (parseJson(buffer.toString('utf8', start, end)) as JsonObject)[property];
  return typeof exact === 'number' || exact instanceof ExactNumber ? exact.toString() : String(value);
}

/** Whether a decimal text fits NUMBER(precision, scale) without rounding. Texts that are no decimals are left to Snowflake to refuse. */
export function fitsDecimal(text: string, precision: number, scale: number): boolean {
  const match = /^\s*[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/.exec(text);
  if (!match) return true;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '').replace(/0+$/, '');
  if (digits === '') return true;
  const trailing = (whole + fraction).length - (whole + fraction).replace(/0+$/, '').length;
  const places = fraction.length - Number(exponent) - trailing;
  return places <= scale && digits.length - places <= precision - scale;
}
