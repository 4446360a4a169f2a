import { renderHook } from '../sql/hooks.js';
import { bookmarkOf } from './state-bookmark.js';

describe('bookmarkOf', () => {
  it.each<[unknown, string | undefined]>([
    [
      { bookmarks: { s: { window_end: '2026-01-01T01:00:00+01:00', replication_key_value: '2020-01-01T00:00:00Z' } } },
      '2026-01-01T00:00:00.000Z',
    ],
    [{ bookmarks: { s: { replication_key_value: '2020-01-01T00:00:00Z' } } }, '2020-01-01T00:00:00.000Z'],
    [{ bookmarks: { s: { replication_key_value: 1_577_836_800 } } }, '2020-01-01T00:00:00.000Z'],
    [{ bookmarks: { s: { replication_key_value: 42 } } }, undefined],
    [{ bookmarks: { s: { replication_key_value: 'abc' } } }, undefined],
    [{ bookmarks: {} }, undefined],
    [{ bookmarks: [1] }, undefined],
    [17, undefined],
    [undefined, undefined],
  ])('%j', (state, windowEnd) => {
    expect(bookmarkOf(state, 's').windowEnd).toBe(windowEnd);
  });
});

describe('renderHook', () => {
  it('fills quoted names in and leaves other braces alone', () => {
    const plan = { table: { database: 'D', schema: 'S', table: 'T"' }, stream: `it's` };
    expect(renderHook('GRANT SELECT ON {table} /* {x} {stream} {run_id} {schema} {database} */', plan, 'r1')).toBe(
      `GRANT SELECT ON "D"."S"."T""" /* {x} 'it''s' 'r1' "S" "D" */`,
    );
  });
});
