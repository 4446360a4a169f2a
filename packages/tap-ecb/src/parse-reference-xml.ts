import { UnexpectedResponseError } from '@singer-io-ts/sdk';
import { SaxesParser } from 'saxes';
import { isCurrency, isDate, isRate, type Rate } from './rate.js';

const unexpected = (what: string, cause?: unknown): UnexpectedResponseError =>
  new UnexpectedResponseError({
    message: `the reference rates are not as the ECB publishes them: ${what}`,
    ...(cause === undefined ? {} : { cause }),
  });

/**
 * Reads `eurofxref-daily.xml` and `eurofxref-hist-90d.xml`: a `Cube` with `time` a day, and in it a `Cube` with `currency`
 * and `rate` a currency.
 */
export function parseReferenceXml(xml: string): Rate[] {
  const rates: Rate[] = [];
  let date: string | undefined;
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw unexpected('no readable XML', error);
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name !== 'Cube') return;
    const { time, currency, rate } = attributes as Record<string, string | undefined>;
    if (time !== undefined) {
      if (!isDate(time)) throw unexpected(`a day is "${time.slice(0, 20)}"`);
      date = time;
    }
    if (currency === undefined) return;
    if (date === undefined || !isCurrency(currency) || rate === undefined || !isRate(rate)) {
      throw unexpected(`the rate of ${currency.slice(0, 20)} on ${date ?? 'no day'} is "${(rate ?? '').slice(0, 20)}"`);
    }
    rates.push({ date, currency, rate });
  });
  parser.write(xml).close();
  if (rates.length === 0) throw unexpected('no rate in it');
  return rates;
}
