import fc from 'fast-check';
import type { RecordLine } from '@singer-io-ts/sdk';
import { compileRecordCheck, fitsDecimal } from './record-check.js';

const property = (name: string, precision: number, scale: number) => ({
  property: name,
  column: { name: name.toUpperCase(), type: { kind: 'number', precision, scale } as const, branches: [] },
});
const line = (record: RecordLine['record'], text = JSON.stringify(record)): RecordLine => ({
  stream: 's',
  record,
  version: undefined,
  timeExtracted: undefined,
  line: 7,
  bytes: { buffer: Buffer.from(text), start: 0, end: Buffer.byteLength(text) },
  mayLoseDigits: /\d[\d.]{15,}/.test(text),
});
const check = compileRecordCheck({ stream: 's', properties: [property('v', 38, 2)], keys: [] }, ['id'], 1000);

describe('the check of a record', () => {
  it('wants a value in every key property', () => {
    expect(() => check(line({ v: 1 }))).toThrow('line 7: record of stream "s" has no value');
    expect(() => check(line({ id: null }))).toThrow('key property "id"');
    expect(() => check(line({ id: 0 }))).not.toThrow();
    expect(() => check(line({ id: '' }))).not.toThrow();
  });

  it('takes every cent, which floating point arithmetic would not', () => {
    fc.assert(fc.property(fc.integer({ min: -1e13, max: 1e13 }), (cents) => check(line({ id: 1, v: cents / 100 }))));
  });

  it('judges long numbers by their text, however the double rounds them', () => {
    const long = '123456789012345678901234567890123456.78';
    expect(() => check(line({ id: 1, v: Number(long) }, `{"id":1,"v":${long}}`))).not.toThrow();
    expect(() => check(line({ id: 1, v: Number(`${long}9`) }, `{"id":1,"v":${long}9}`))).toThrow(
      'more digits in "v" than NUMBER(38,2)',
    );
    expect(() => check(line({ id: 1, v: 1 }, '{"id":1,"v":1.00000000000000000001}'))).toThrow('would be rounded');
  });

  it('refuses a record that is too long, telling how long it is', () => {
    expect(() => check(line({ id: 1, t: 'x'.repeat(2000) }))).toThrow(/is 20\d\d bytes long; at most 1000/);
  });
});

describe('fitsDecimal', () => {
  it.each([
    ['1', 3, 0, true],
    ['999', 3, 0, true],
    ['1000', 3, 0, false],
    ['1e3', 3, 0, false],
    ['1e2', 3, 0, true],
    ['0.10', 3, 1, true],
    ['0.11', 3, 1, false],
    ['-99.9', 3, 1, true],
    ['1.5e-1', 3, 2, true],
    ['0', 1, 0, true],
    ['0.000', 1, 0, true],
    ['not a number', 1, 0, true],
  ])('%s into NUMBER(%i,%i): %s', (text, precision, scale, fits) => {
    expect(fitsDecimal(text, precision, scale)).toBe(fits);
  });

  it('agrees with counting digits', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
        fc.integer({ min: 0, max: 10 }),
        (digits, places) => {
          const padded = digits
            .toString()
            .replace('-', '')
            .padStart(places + 1, '0');
          const text = `${digits < 0n ? '-' : ''}${padded.slice(0, padded.length - places)}${places > 0 ? `.${padded.slice(-places)}` : ''}`;
          const exact = digits % 10n ** BigInt(Math.max(0, places - 4)) === 0n;
          const whole = (digits < 0n ? -digits : digits) / 10n ** BigInt(places);
          expect(fitsDecimal(text, 38, 4)).toBe(exact && whole < 10n ** 34n);
        },
      ),
    );
  });
});
