import { notLoadable, refuseNotLoadable, refuseOwnNotLoadable } from './table-kind.js';

const table = { database: 'D', schema: 'S', table: 'T' };

describe('what stands where a table should', () => {
  it.each([
    ['VIEW', 'NO', 'a view'],
    ['MATERIALIZED VIEW', 'NO', 'a materialized view'],
    ['EXTERNAL TABLE', 'NO', 'an external table'],
    ['EVENT TABLE', 'NO', 'an event table'],
    ['INTERACTIVE TABLE', 'NO', 'an interactive table'],
    ['BASE TABLE', 'YES', 'a dynamic table'],
    // Iceberg, hybrid and transient tables are BASE TABLEs too, and take rows.
    ['BASE TABLE', 'NO', undefined],
    ['TEMPORARY TABLE', 'NO', undefined],
    ['A TYPE OF TOMORROW', null, undefined],
    [null, null, undefined],
  ])('%s, dynamic %s: %s', (type, dynamic, expected) => {
    expect(notLoadable({ TABLE_TYPE: type, IS_DYNAMIC: dynamic })).toBe(expected);
  });

  it('is named, and so is the way out', () => {
    expect(() => refuseNotLoadable({ stream: 's', table }, 'a view')).toThrow(
      'stream s: "D"."S"."T" is a view, which records cannot be loaded into; nothing was uploaded or changed. Rename or drop it, or give the stream another table by setting "streams" ({"s":{"table":"…"}})',
    );
    expect(() => refuseOwnNotLoadable(table, '_SDC_LOAD_LEDGER', 'a dynamic table')).toThrow(
      'set load_ledger to false',
    );
    expect(() => refuseNotLoadable({ stream: 's', table }, undefined)).not.toThrow();
  });
});
