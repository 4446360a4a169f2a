import fc from 'fast-check';
import { parseFilters } from '../filters/filters.js';
import { invoicesStatement } from './invoices.js';
import { cityRankingStatement } from './ranking.js';
import { receivablesQuery } from './receivables.js';
import type { Scope } from './scope.js';
import { totalsQuery } from './totals.js';
import { grainFor, trendQuery } from './trend.js';

const scopeOf = (query: Record<string, string>): Scope => ({
  filters: parseFilters(new URLSearchParams(query), '2026-11-25').filters,
  today: '2026-11-25',
  language: 'de',
});

describe('statements', () => {
  it('carry no value of the user in their text, and one bound value for each question mark', () => {
    const hostile = fc.record({
      city: fc.string({ minLength: 1 }).map((text) => `zq'${text}"?`),
      country: fc.constant('QX'),
      currency: fc.constant('QXZ'),
    });
    fc.assert(
      fc.property(hostile, (values) => {
        const scope = scopeOf({ ...values, from: '2031-01-05', status: 'overdue' });
        for (const { sql, binds } of [
          totalsQuery(scope).statement,
          cityRankingStatement(scope),
          receivablesQuery(scope).statement,
          invoicesStatement(scope, 'newest'),
        ]) {
          expect(sql).not.toMatch(/zq|QX|2031/);
          expect(sql.split('?')).toHaveLength(binds.length + 1);
        }
      }),
    );
  });
});

describe('the trend', () => {
  it.each([
    ['2026-11-01', '2026-11-30', 'day'],
    ['2026-01-01', '2026-12-31', 'month'],
    ['2023-01-01', '2026-11-25', 'month'],
    ['2018-01-01', '2026-11-25', 'quarter'],
    ['1999-01-01', '2026-11-25', 'year'],
  ] as const)('from %s to %s is told by %s', (from, to, grain) => {
    expect(grainFor({ from, to })).toBe(grain);
  });

  it('has a column for months without a document', () => {
    const points = trendQuery(scopeOf({}), { from: '2025-11-15', to: '2026-02-01' }).read([
      { STARTS_ON: '2025-12-01', TOTAL: '10.00', INVOICE_COUNT: '1' },
    ]);
    expect(points.map(({ from, to, total }) => [from, to, total])).toEqual([
      ['2025-11-01', '2025-11-30', '0'],
      ['2025-12-01', '2025-12-31', '10.00'],
      ['2026-01-01', '2026-01-31', '0'],
      ['2026-02-01', '2026-02-28', '0'],
    ]);
  });
});
