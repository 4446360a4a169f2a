const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/;

/** A decimal taken apart: `digits` times ten to the power of minus `places`, without zeros at either end. */
export interface Decimal {
  negative: boolean;
  digits: string;
  /** How many digits stand behind the point; negative when zeros follow before it. */
  places: number;
}

/** Reads a decimal; undefined when the text is none. */
export function readDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole + fraction === '') return undefined;
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  const places = fraction.length - Number(exponent) - (all.length - digits.length);
  return digits === '' ? { negative: false, digits: '', places: 0 } : { negative: sign === '-', digits, places };
}

/** Whether NUMBER(precision, scale) holds a decimal with all its digits. */
export const fitsNumber = ({ digits, places }: Decimal, precision: number, scale: number): boolean =>
  digits === '' || (places <= scale && digits.length - places <= precision - scale);

/** How many digits stand before the point at least. */
export const wholeDigits = ({ digits, places }: Decimal): number => Math.max(0, digits.length - places);

/** Writes a decimal without an exponent. Ask first how long that gets. */
export function plainText({ negative, digits, places }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (places <= 0) return sign + digits + '0'.repeat(-places);
  const padded = digits.padStart(places + 1, '0');
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

/** Whether two decimals are the same number. */
export const sameDecimal = (a: Decimal, b: Decimal): boolean =>
  a.negative === b.negative && a.digits === b.digits && a.places === b.places;

/** The nearest double, which may be infinite. */
export const doubleOf = ({ negative, digits, places }: Decimal): number =>
  Number(`${negative ? '-' : ''}${digits || '0'}e${-places}`);

/** Whether the nearest double, shown as briefly as it can be, is the decimal again. */
export function survivesDouble(decimal: Decimal): boolean {
  if (decimal.digits.length <= 15 && Math.abs(decimal.places) < 290) return true;
  const double = doubleOf(decimal);
  const back = Number.isFinite(double) ? readDecimal(String(double)) : undefined;
  return back !== undefined && sameDecimal(back, decimal);
}
