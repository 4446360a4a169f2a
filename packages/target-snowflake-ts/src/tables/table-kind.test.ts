import { notLoadable } from './table-kind.js';

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
});
