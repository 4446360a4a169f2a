/** The rate of one currency on one day: units of it for one euro, as the decimal text that was published. */
export interface Rate {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly rate: string;
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const CURRENCY = /^[A-Z]{3}$/;
const DECIMAL = /^\d+(\.\d+)?$/;

/** Whether a text is a decimal above zero. Rates stay text: a double would not keep what was published. */
export const isRate = (text: string): boolean => DECIMAL.test(text) && /[1-9]/.test(text);
export const isDate = (text: string): boolean => DATE.test(text) && !Number.isNaN(Date.parse(text));
export const isCurrency = (text: string): boolean => CURRENCY.test(text);
