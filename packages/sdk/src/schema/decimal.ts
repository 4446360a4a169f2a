/** Whether a number is a whole multiple of a step, judged on their decimal texts: 0.07 is a multiple of 0.01. */
export function isMultipleOf(value: number, step: number): boolean {
  return isDecimalMultiple(String(value), String(step));
}

/**
 * Whether a decimal is a whole multiple of another, exactly, however many digits they have.
 *
 * @param value a number as JSON writes it
 * @param step a positive number as JSON writes it
 */
export function isDecimalMultiple(value: string, step: string): boolean {
  const a = scaled(value);
  const b = scaled(step);
  if (!a || !b || b.digits === 0n) return false;
  const scale = Math.max(a.scale, b.scale);
  // Exponents beyond any warehouse's range would make integers too large to compute with.
  if (scale > 1000 || scale < -1000) return false;
  return (a.digits * 10n ** BigInt(scale - a.scale)) % (b.digits * 10n ** BigInt(scale - b.scale)) === 0n;
}

interface Scaled {
  /** The number times 10^scale. */
  digits: bigint;
  scale: number;
}

function scaled(text: string): Scaled | undefined {
  const match = /^(-?\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  return { digits: BigInt(whole + fraction), scale: Math.max(fraction.length - Number(exponent), -1001) };
}
