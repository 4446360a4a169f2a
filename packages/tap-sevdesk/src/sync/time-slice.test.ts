import fc from 'fast-check';
import { FinishedPrefix } from './prefix.js';
import { divide, type TimeSlice, without } from './time-slice.js';

const slice = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
  .map(([from, length]) => ({ from, until: from + length }));
const seconds = (slices: readonly TimeSlice[], start = 0): number[] =>
  slices.flatMap(({ from = start, until }) => Array.from({ length: until - from + 1 }, (_, i) => from + i));

describe('slices of time', () => {
  it('divide into parts that cover the whole once, in order', () => {
    fc.assert(
      fc.property(slice, fc.integer({ min: 1, max: 30 }), (whole, parts) => {
        const divided = divide(whole, parts);
        expect(seconds(divided)).toEqual(seconds([whole]));
        expect(divided.length).toBe(Math.min(parts, whole.until - whole.from + 1));
      }),
    );
  });

  it('stay open at the start when an open slice is divided', () => {
    const [first, second] = divide({ from: undefined, until: Date.UTC(2026, 0, 1) / 1000 }, 2);
    expect(first?.from).toBeUndefined();
    expect(second).toEqual({ from: (first?.until ?? 0) + 1, until: Date.UTC(2026, 0, 1) / 1000 });
  });

  it('leave exactly what was not finished', () => {
    fc.assert(
      fc.property(slice, fc.array(slice, { maxLength: 5 }), (whole, finished) => {
        const done = new Set(seconds(finished));
        expect(seconds(without(whole, finished))).toEqual(seconds([whole]).filter((second) => !done.has(second)));
      }),
    );
  });
});

describe('the finished prefix', () => {
  it('reaches to the first second that is not finished, in whatever order slices finish', () => {
    fc.assert(
      fc.property(
        fc.array(slice, { maxLength: 8 }),
        fc.option(fc.integer({ min: -1, max: 20 }), { nil: undefined }),
        (slices, until) => {
          const prefix = new FinishedPrefix(until);
          for (const one of slices) prefix.add(one);
          const done = new Set(seconds(slices));
          if (until === undefined) {
            // Nothing was finished before and no slice is open: there is no prefix, only islands.
            expect(prefix.until).toBeUndefined();
            expect(seconds(prefix.beyond)).toEqual([...done].sort((a, b) => a - b));
            return;
          }
          let expected = until;
          while (done.has(expected + 1)) expected += 1;
          expect(prefix.until).toBe(expected);
          expect(seconds(prefix.beyond)).toEqual([...done].filter((second) => second > expected).sort((a, b) => a - b));
        },
      ),
    );
  });

  it('begins with a slice that is open at the start', () => {
    const prefix = new FinishedPrefix(undefined);
    prefix.add({ from: 11, until: 20 });
    expect(prefix.until).toBeUndefined();
    prefix.add({ from: undefined, until: 10 });
    expect([prefix.until, prefix.beyond]).toEqual([20, []]);
  });
});
