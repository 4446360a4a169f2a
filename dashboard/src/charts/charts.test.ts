import { readFile } from 'node:fs/promises';
import { countryColour } from './country-colour.js';
import fc from 'fast-check';
import { makeColumnScale } from './column-scale.js';
import { layOutTreemap } from './treemap.js';

describe('a treemap', () => {
  it('gives each item its part of the whole, nothing beside it, nothing over another', () => {
    const sizes = fc.array(
      fc.record({ group: fc.constantFrom('a', 'b', 'c'), size: fc.integer({ min: -5, max: 1000 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(sizes, (items) => {
        const cells = layOutTreemap(items, { size: (item) => item.size, group: (item) => item.group, aspect: 1.6 });
        const positive = items.filter(({ size }) => size > 0);
        const whole = positive.reduce((sum, { size }) => sum + size, 0);
        expect(cells).toHaveLength(positive.length);
        for (const { item, left, top, width, height } of cells) {
          expect(width * height).toBeCloseTo(item.size / whole, 6);
          expect(left).toBeGreaterThan(-1e-9);
          expect(left + width).toBeLessThan(1 + 1e-9);
          expect(top + height).toBeLessThan(1 + 1e-9);
        }
      }),
    );
  });
});

describe('columns', () => {
  it('stand on zero, below it when negative, and within the axis', () => {
    const scale = makeColumnScale([100, -50, 0]);
    const [up, down] = [scale.column(100), scale.column(-50)];
    expect(up.bottom).toBeCloseTo(scale.zero);
    expect(down.bottom + down.height).toBeCloseTo(scale.zero);
    expect(up.height).toBeCloseTo(2 * down.height);
    expect(up.bottom + up.height).toBeLessThanOrEqual(1);
    expect(down.bottom).toBeGreaterThanOrEqual(0);
    expect(scale.ticks.some(({ value }) => value === 0)).toBe(true);
  });

  it('have an axis also when there is nothing', () => {
    expect(makeColumnScale([]).ticks.length).toBeGreaterThan(1);
  });
});

describe('the colour of a country', () => {
  it('is one of those in the style sheet, for any code, and never shared by the usual ones', async () => {
    const css = await readFile(new URL('../../assets/dashboard.css', import.meta.url), 'utf8');
    const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
    const codes = letters.flatMap((first) => letters.map((second) => first + second));
    for (const code of [...codes, '', 'Unknown']) expect(css).toContain(`.colour-${countryColour(code)} {`);
    expect(new Set(['DE', 'AT', 'CH', 'FR', 'NL', 'GB', 'US', 'IT'].map(countryColour)).size).toBe(8);
  });
});
