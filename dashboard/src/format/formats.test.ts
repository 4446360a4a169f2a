import { makeFormats } from './formats.js';
import { chooseLanguage } from './language.js';
import { textsDe } from './texts-de.js';
import { textsEn } from './texts-en.js';

const de = makeFormats('de', 'Europe/Berlin');
const en = makeFormats('en', 'Europe/Berlin');
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it('keeps every cent of sums that a float cannot hold', () => {
    expect(Number('9999999999999999.99')).toBe(1e16);
    expect(plain(de.money('9999999999999999.99'))).toBe('9.999.999.999.999.999,99 €');
    expect(en.money('9999999999999999.99')).toBe('€9,999,999,999,999,999.99');
  });

  it('has cents always, a sign when negative, and the currency of the document', () => {
    expect(plain(de.money('1234.5'))).toBe('1.234,50 €');
    expect(plain(de.money('-0.07'))).toBe('-0,07 €');
    expect(plain(de.money('0'))).toBe('0,00 €');
    expect(plain(en.money('1234.5', 'CHF'))).toBe('CHF 1,234.50');
    expect(plain(en.money('120000', 'JPY'))).toContain('120,000.00');
  });
});

describe('what is odd', () => {
  it.each([null, '', ' ', 'EU', 'EURO', '€', '<b>x</b>'])(
    'shows an amount in the currency %j as it came',
    (currency) => {
      const name = currency === null || currency.trim() === '' ? '?' : currency;
      expect(en.money('1234.5', currency)).toBe(`1,234.50 ${name}`);
      expect(de.money('1234.5', currency)).toBe(`1.234,50 ${name}`);
    },
  );

  it('shows no amount and no date as a dash, and a date that is none as it came', () => {
    expect([en.money(null), en.date(null), en.date('31.02.2026')]).toEqual(['–', '–', '31.02.2026']);
    expect([en.date('2026-11-06'), de.date('2026-11-06')]).toEqual(['6 Nov 2026', '06.11.2026']);
  });
});

describe('times', () => {
  it('are those of Berlin, in winter and in summer', () => {
    expect(de.dateTime(Date.parse('2026-01-15T08:30:00Z'))).toBe('15.01.2026, 09:30');
    expect(de.dateTime(Date.parse('2026-07-15T08:30:00Z'))).toBe('15.07.2026, 10:30');
  });

  it('tell how long ago in the unit that fits', () => {
    expect(en.ago(-5_000)).toBe('0 minutes ago');
    expect(en.ago(119 * 60_000)).toBe('119 minutes ago');
    expect(en.ago(47.9 * 3_600_000)).toBe('47 hours ago');
    expect(de.ago(49 * 3_600_000)).toBe('vor 2 Tagen');
  });
});

describe('language', () => {
  it.each([
    ['de', undefined, 'de'],
    ['fr', 'de-AT,en;q=0.8', 'de'],
    [null, 'fr,en;q=0.5,de;q=0.9', 'de'],
    [null, 'fr', 'en'],
    [null, undefined, 'en'],
  ] as const)('asked %s, browser %s: %s', (asked, accepted, language) => {
    expect(chooseLanguage(asked, accepted)).toBe(language);
  });

  it('says something in German wherever it says something in English', () => {
    const emptyOrSame = Object.entries(textsDe)
      .filter(([, text]) => text === '')
      .map(([name]) => name);
    expect(emptyOrSame).toEqual([]);
    expect(Object.keys(textsDe)).toEqual(Object.keys(textsEn));
  });
});
