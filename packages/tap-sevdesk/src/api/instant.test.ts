import fc from 'fast-check';
import { formatInstant, parseInstant } from './instant.js';
import { scanInstant } from './scan-instant.js';

describe('instants', () => {
  it('tell the two hours apart that a clock in Berlin shows alike in October', () => {
    const first = parseInstant('2026-10-25T02:30:00+02:00');
    const second = parseInstant('2026-10-25T02:30:00+01:00');
    expect([first, second]).toEqual([Date.UTC(2026, 9, 25, 0, 30) / 1000, Date.UTC(2026, 9, 25, 1, 30) / 1000]);
  });

  it.each([
    [''],
    ['2026-10-25'],
    ['2026-10-25T02:30:00'],
    ['25.10.2026'],
    ['2026-13-01T00:00:00Z'],
    ['1795597971'],
    [null],
    [1795597971],
  ])('are not read from %p, which names none', (text) => expect(parseInstant(text)).toBeUndefined());

  it('are read from bytes as from text', () => {
    const text = fc
      .tuple(
        fc.date({ min: new Date('1960-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }),
        fc.constantFrom('+01:00', '+02:00', '-11:45', '+00:00', '+25:00', 'Z'),
      )
      .map(([date, offset]) => `${date.toISOString().slice(0, 19)}${offset}`);
    const spoilt = fc
      .tuple(text, fc.nat(24), fc.constantFrom('x', '9', ' ', '-', 'ü'))
      .map(([good, at, c]) => good.slice(0, at) + c + good.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(text, spoilt), (one) => {
        const body = Buffer.from(`"${one}"`);
        expect(scanInstant(body, 1, body.length - 1)).toBe(parseInstant(one));
      }),
      { numRuns: 3000 },
    );
  });

  it('are written in UTC and read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (instant) =>
        expect(parseInstant(formatInstant(instant))).toBe(instant),
      ),
    );
  });
});
