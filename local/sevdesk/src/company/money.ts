/** Whole cents (of yen: hundredths too, so that every currency is counted alike). */
export type Cents = number;

/** An amount as sevDesk writes it: no trailing zeros, `"39.2"`, `"1000"`, `"-5.51"`. */
export function amountText(cents: Cents): string {
  const sign = cents < 0 ? '-' : '';
  const whole = Math.abs(cents);
  const rest = whole % 100;
  const units = String((whole - rest) / 100);
  if (rest === 0) return sign + units;
  return `${sign}${units}.${rest % 10 === 0 ? String(rest / 10) : String(rest).padStart(2, '0')}`;
}

/** Rounds to the cent, half away from zero, so that a cancellation is its invoice with the sign turned. */
export const roundCents = (cents: number): Cents => Math.sign(cents) * Math.round(Math.abs(cents));

/** A percentage of an amount. */
export const percentOf = (cents: Cents, percent: number): Cents => roundCents((cents * percent) / 100);
