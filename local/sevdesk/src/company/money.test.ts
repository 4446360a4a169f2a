import fc from 'fast-check';
import { sumLines } from './case-content.js';
import type { Line } from './case-content.js';
import { amountText, percentOf } from './money.js';

it.each([
  [0, '0'],
  [3920, '39.2'],
  [100_000, '1000'],
  [-551, '-5.51'],
  [5, '0.05'],
  [-10, '-0.1'],
])('writes %d cents as %s', (cents, text) => {
  expect(amountText(cents)).toBe(text);
});

it('writes amounts that read back as the same number of cents', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) =>
      expect(Math.round(Number(amountText(cents)) * 100)).toBe(cents || 0),
    ),
  );
});

it('turns only the sign when every price is turned', () => {
  const line = fc.record<Line>({
    article: fc.constant(undefined),
    name: fc.constant('x'),
    quantity: fc.integer({ min: 1, max: 500 }),
    price: fc.integer({ min: 1, max: 1e7 }),
    taxRate: fc.constantFrom(0, 7, 19),
    discountPercent: fc.constantFrom(0, 5, 15),
    unity: fc.constant(1),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const [sums, turned] = [sumLines(lines), sumLines(lines.map((each) => ({ ...each, price: -each.price })))];
      expect(turned.gross + sums.gross).toBe(0);
      expect(turned.net + sums.net).toBe(0);
      expect(sums.net + sums.tax).toBe(sums.gross);
    }),
  );
});

it('takes percentages to the cent, half away from zero', () => {
  expect([percentOf(50, 19), percentOf(-50, 19), percentOf(2900, 19)]).toEqual([10, -10, 551]);
});
