/** An exact decimal number as text, as the warehouse sends it: `-1234.50`. It becomes a float only where pixels are computed. */
export type Decimal = string;

/** For lengths of bars and places of points, where a rounded value is enough. */
export function approximate(value: Decimal): number {
  return Number(value);
}

export function isNegative(value: Decimal): boolean {
  return value.startsWith('-') && /[1-9]/.test(value);
}

export function isZero(value: Decimal): boolean {
  return !/[1-9]/.test(value);
}

/** The same for what may be missing: null stays null. */
export const numberOf = (value: Decimal | null): number | null => (value === null ? null : approximate(value));
