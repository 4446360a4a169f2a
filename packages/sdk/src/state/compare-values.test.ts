import fc from 'fast-check';
import { ExactNumber } from '../json/exact-number.js';
import { compareReplicationValues } from './compare-values.js';

const sign = (a: string | number | ExactNumber, b: string | number | ExactNumber): number =>
  Math.sign(compareReplicationValues(a, b));

describe('compareReplicationValues', () => {
  it.each([
    ['2026-01-01T00:00:00+01:00', '2025-12-31T23:00:00Z', 0],
    ['2026-01-01T00:30:00+01:00', '2026-01-01T00:00:00Z', -1],
    ['2026-01-01', '2026-01-01 00:00:00', 0],
    ['2026-01-01T00:00:00.000000002Z', '2026-01-01T00:00:00.000000001Z', 1],
    ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.50', 0],
    ['2026-10-25T02:30:00+02:00', '2026-10-25T02:00:00+01:00', -1],
    ['b', 'a', 1],
    ['10', '9', -1],
  ])('%s against %s', (a, b, expected) => expect(sign(a, b)).toBe(expected));

  it('orders instants as Date does, whatever their offset', () => {
    const instant = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const text = (date: Date, minutes: number): string => {
      const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
      const two = (n: number): string => String(Math.abs(n)).padStart(2, '0');
      return `${local}${minutes < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
    };
    fc.assert(
      fc.property(instant, instant, offset, offset, (a, b, x, y) => {
        expect(sign(text(a, x), text(b, y))).toBe(Math.sign(a.getTime() - b.getTime()));
      }),
    );
  });

  it('orders numbers by all their digits', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        const expected = a < b ? -1 : a > b ? 1 : 0;
        expect(sign(new ExactNumber(String(a)), new ExactNumber(String(b)))).toBe(expected);
      }),
    );
    expect(sign(new ExactNumber('9007199254740993'), 9007199254740992)).toBe(1);
    expect(sign(new ExactNumber('0.10000000000000000001'), 0.1)).toBe(1);
  });
});
