import fc from 'fast-check';
import {
  addBerlinDays,
  berlinDate,
  berlinInstant,
  berlinMidnight,
  berlinTimestamp,
  parseTimestamp,
  summerTime,
} from './berlin-time.js';

const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'medium' });
const instants = fc.integer({ min: Date.UTC(2015, 0) / 1000, max: Date.UTC(2035, 0) / 1000 });
/** Instants around a change of the clock, where mistakes live. */
const edges = fc
  .tuple(fc.integer({ min: 2015, max: 2034 }), fc.constantFrom(0, 1), fc.integer({ min: -7300, max: 7300 }))
  .map(([year, which, off]) => summerTime(year)[which] + off);
const anyInstant = fc.oneof(instants, edges);

it('writes the wall clock of Berlin', () => {
  fc.assert(
    fc.property(anyInstant, (instant) =>
      expect(berlinTimestamp(instant).slice(0, 19).replace('T', ' ')).toBe(format.format(instant * 1000)),
    ),
    { numRuns: 500 },
  );
});

it('writes instants so that they can be read back, also in the hour that a clock shows twice', () => {
  fc.assert(
    fc.property(anyInstant, (instant) => expect(parseTimestamp(berlinTimestamp(instant))).toBe(instant)),
    { numRuns: 500 },
  );
});

it('finds the midnight before an instant', () => {
  fc.assert(
    fc.property(anyInstant, (instant) => {
      const midnight = berlinMidnight(instant);
      expect(berlinTimestamp(midnight).slice(0, 19)).toBe(`${berlinDate(instant)}T00:00:00`);
      expect(midnight).toBeLessThanOrEqual(instant);
    }),
    { numRuns: 500 },
  );
});

it('counts calendar days over changes of the clock', () => {
  const saturday = berlinInstant(2026, 3, 28);
  expect([0, 1, 2, -1].map((days) => berlinTimestamp(addBerlinDays(saturday, days)))).toEqual([
    '2026-03-28T00:00:00+01:00',
    '2026-03-29T00:00:00+01:00',
    '2026-03-30T00:00:00+02:00',
    '2026-03-27T00:00:00+01:00',
  ]);
});
