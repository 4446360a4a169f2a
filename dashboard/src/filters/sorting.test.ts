import { nextSorting, parseSortings, sortingParameters, sortRows } from './sorting.js';

describe('sorting', () => {
  it('comes back from the address that it was written to, without what means nothing', () => {
    const query = new URLSearchParams('sort_cities=-total&sort_trend=total&sort_review=rank&sort_x=1&sort_countries=');
    const sortings = parseSortings(query);
    expect(sortings).toEqual({
      trend: { column: 'total', descending: false },
      cities: { column: 'total', descending: true },
    });
    expect(new Map(sortingParameters(sortings))).toEqual(
      new Map(
        [
          ['trend', 'total'],
          ['cities', '-total'],
        ].map(([table, value]) => [`sort_${table}`, value]),
      ),
    );
  });

  it('begins with the largest amount, and with the first name, and turns round', () => {
    expect(nextSorting<'cities'>(undefined, 'total')).toEqual({ column: 'total', descending: true });
    expect(nextSorting<'cities'>({ column: 'total', descending: true }, 'name')).toEqual({
      column: 'name',
      descending: false,
    });
    expect(nextSorting<'cities'>({ column: 'name', descending: false }, 'name').descending).toBe(true);
  });

  it('sorts names as the language does, and puts what has no value last either way', () => {
    const rows = [{ name: 'Zürich' }, { name: null }, { name: 'Österreich' }, { name: 'Oman' }];
    const order = (descending: boolean): (string | null)[] =>
      sortRows(rows, { column: 'name', descending }, { values: { name: ({ name }) => name }, locale: 'de-DE' }).map(
        ({ name }) => name,
      );
    expect(order(false)).toEqual(['Oman', 'Österreich', 'Zürich', null]);
    expect(order(true)).toEqual(['Zürich', 'Österreich', 'Oman', null]);
  });
});
