import { ExactNumber } from '@singer-io-ts/sdk';

/** Less than this is the noise of binary fractions, in units of a ten-thousandth of a cent. */
const NOISE = 1n;
/** Digits after the point that are looked at. */
const SCALE = 6;

/**
 * An amount in whole cents: `0.30000000000000004`, as a program writes the sum of 0.1 and 0.2, is 0.30. Not exact where more
 * than such noise was rounded away.
 *
 * @param text a number as JSON writes it
 */
export function toCents(text: string): { value: ExactNumber | null; exact: boolean } {
  if (/^-?\d+(?:\.\d{1,2})?$/.test(text)) return { value: new ExactNumber(text), exact: true };
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const exponent = Number(match?.[4] ?? 0);
  // Nothing of this size is an amount.
  if (!match || Math.abs(exponent) > 40) return { value: null, exact: false };
  const [, sign = '', whole = '', fraction = ''] = match;
  const shift = SCALE - fraction.length + exponent;
  const digits = BigInt(whole + fraction);
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedQuotient(digits, 10n ** BigInt(-shift));
  const cents = roundedQuotient(scaled, 10_000n);
  const rest = scaled - cents * 10_000n;
  const padded = cents.toString().padStart(3, '0');
  const value = new ExactNumber(`${sign}${padded.slice(0, -2)}.${padded.slice(-2)}`);
  return { value, exact: rest <= NOISE && rest >= -NOISE };
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor;
}
