import fc from 'fast-check';
import { addDays, dateIn, daysBetween, isIsoDate, yearBefore } from './calendar.js';
import { PERIODS, comparableRange, precedingRange, rangeOf } from './period.js';

const dates = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('periods', () => {
  it.each([
    ['this_month', '2026-02-01', '2026-02-28'],
    ['last_month', '2026-01-01', '2026-01-31'],
    ['this_quarter', '2026-01-01', '2026-03-31'],
    ['last_12_months', '2025-03-01', '2026-02-28'],
    ['this_year', '2026-01-01', '2026-12-31'],
    ['last_year', '2025-01-01', '2025-12-31'],
  ] as const)('%s on 15 February 2026 is %s to %s', (period, from, to) => {
    expect(rangeOf(period, '2026-02-15')).toEqual({ from, to });
  });

  it('last month in January is December of the year before', () => {
    expect(rangeOf('last_month', '2026-01-31')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
  });

  it('hold today, except those that lie before it', () => {
    fc.assert(
      fc.property(dates, fc.constantFrom(...PERIODS.filter((period) => period !== 'custom')), (today, period) => {
        const { from = '0000-01-01', to = '9999-12-31' } = rangeOf(period, today);
        expect(from <= to).toBe(true);
        expect(from <= today && today <= to).toBe(!period.startsWith('last_month') && period !== 'last_year');
      }),
    );
  });
});

describe('the stretch a year before', () => {
  it('ends at the same day for a period that is still running', () => {
    expect(comparableRange({ from: '2026-01-01', to: '2026-12-31' }, '2026-11-25')).toEqual({
      from: '2025-01-01',
      to: '2025-11-25',
    });
  });

  it('is there neither for an open start nor for the future', () => {
    expect(comparableRange({ to: '2026-12-31' }, '2026-11-25')).toBeUndefined();
    expect(comparableRange({ from: '2027-01-01' }, '2026-11-25')).toBeUndefined();
  });

  it('has 28 February for 29 February', () => {
    expect(yearBefore('2024-02-29')).toBe('2023-02-28');
  });
});

describe('the stretch before', () => {
  it.each([
    ['a month, before it a shorter one', '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
    ['a quarter', '2026-04-01', '2026-06-30', '2026-01-01', '2026-03-31'],
    ['a year', '2025-01-01', '2025-12-31', '2024-01-01', '2024-12-31'],
    ['ten days', '2026-03-11', '2026-03-20', '2026-03-01', '2026-03-10'],
    ['a month that still runs: as many days', '2026-11-01', '2026-11-30', '2026-10-01', '2026-10-25'],
  ])('of %s', (_what, from, to, start, end) => {
    expect(precedingRange({ from, to }, '2026-11-25')).toEqual({ from: start, to: end });
  });

  it('never overlaps the range and ends before it', () => {
    fc.assert(
      fc.property(dates, fc.nat(800), dates, (from, length, today) => {
        const before = precedingRange({ from, to: addDays(from, length) }, today);
        if (before) expect(before.from <= before.to && before.to < from).toBe(true);
        else expect(from > today).toBe(true);
      }),
    );
  });
});

describe('dates', () => {
  it('are those of Berlin, where the day begins before it does in UTC', () => {
    expect(dateIn('Europe/Berlin', new Date('2025-12-31T23:00:00Z'))).toBe('2026-01-01');
    expect(dateIn('Europe/Berlin', new Date('2026-06-30T21:59:59Z'))).toBe('2026-06-30');
  });

  it('exist', () => {
    expect(['2026-02-28', '2024-02-29'].map(isIsoDate)).toEqual([true, true]);
    expect(['2026-02-29', '2026-13-01', '26-1-1', '2026-01-01x', ''].map(isIsoDate)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('are as far apart as were added', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -5000, max: 5000 }), (date, days) =>
        expect(daysBetween(date, addDays(date, days))).toBe(days),
      ),
    );
  });
});
