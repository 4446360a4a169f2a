import fc from 'fast-check';
import { DATE_BASES, MEASURES, STATUSES, filterQuery, parseFilters } from './filters.js';
import { PERIODS } from './period.js';

const TODAY = '2026-11-25';
const NOTHING = { period: 'all', range: {}, measure: 'gross', dateBasis: 'invoice' };
const parse = (query: string): ReturnType<typeof parseFilters> => parseFilters(new URLSearchParams(query), TODAY);

describe('filters', () => {
  it('narrow nothing when the address says nothing', () => {
    expect(parse('')).toEqual({ filters: NOTHING, ignored: [] });
    expect(filterQuery(parse('').filters).toString()).toBe('period=all');
  });

  it('come back from the address that they were written to', () => {
    const filters = fc.record(
      {
        period: fc.constantFrom(...PERIODS),
        from: fc.constant('2026-01-05'),
        to: fc.constant('2026-02-05'),
        country: fc.constantFrom('DE', 'ZZ'),
        city: fc.string({ minLength: 1, maxLength: 50 }).filter((city) => city.trim() === city),
        status: fc.constantFrom(...STATUSES),
        currency: fc.constantFrom('EUR', 'CHF'),
        customer: fc.constantFrom('17', 'x'),
        measure: fc.constantFrom(...MEASURES),
        date: fc.constantFrom(...DATE_BASES),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(filters, (values) => {
        const { filters: read } = parseFilters(new URLSearchParams(values), TODAY);
        expect(parseFilters(filterQuery(read), TODAY)).toEqual({ filters: read, ignored: [] });
      }),
    );
  });

  it('take two dates as a period of one’s own', () => {
    expect(parse('from=2026-01-05').filters).toMatchObject({ period: 'custom', range: { from: '2026-01-05' } });
  });

  it('leave out what means nothing, and name it', () => {
    const { filters, ignored } = parse(
      "country=de&status=' or 1=1&currency=euro&period=soon&from=2026-02-30&to=nonsense",
    );
    expect(filters).toEqual(NOTHING);
    expect(ignored.map(({ name }) => name).sort()).toEqual(['country', 'currency', 'from', 'period', 'status', 'to']);
  });

  it('refuse an end before the start', () => {
    expect(parse('from=2026-03-01&to=2026-02-01').ignored).toEqual([{ name: 'to', value: '2026-02-01' }]);
  });
});
