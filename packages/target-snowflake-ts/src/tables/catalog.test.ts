import type { Row, Session } from '@singer-io-ts/snowflake-session';
import { renderType } from '../plan/column-type.js';
import { lookUpTables, withDigits } from './catalog.js';

const schema = { database: 'D', schema: 'S' };

/** A session that answers each statement with the next rows. */
function answering(...answers: Row[][]): { session: Session; asked: string[] } {
  const asked: string[] = [];
  const run = (sql: string): Promise<readonly Row[]> => {
    asked.push(sql);
    return Promise.resolve(answers.shift() ?? []);
  };
  return { session: { run } as unknown as Session, asked };
}

const row = (name: string, type: string, more: Row = {}): Row => ({
  TABLE: 'T',
  CREATED: '1',
  ROWS: '0',
  TABLE_TYPE: 'BASE TABLE',
  NAME: name,
  TYPE: type,
  ...more,
});

it('reads how many digits of a second a column keeps, and by which rules texts are compared', async () => {
  const { session } = answering([
    row('A', 'TIMESTAMP_NTZ', { DIGITS: '3' }),
    row('B', 'TIME', { DIGITS: '0' }),
    row('C', 'TIMESTAMP_TZ', { DIGITS: '9' }),
    row('D', 'TIMESTAMP_LTZ', { DIGITS: null }),
    row('E', 'TEXT', { LENGTH: '10', COLLATION: 'de-ci' }),
    row('F', 'TEXT', { LENGTH: '10', COLLATION: 'utf8', DEFAULT: "'d'", IDENTITY: 'NO' }),
    row('G', 'NUMBER', { IDENTITY: 'YES' }),
  ]);
  const columns = (await lookUpTables(session, schema, ['T'])).get('T')?.columns ?? [];
  expect(columns.map(({ type }) => renderType(type))).toEqual([
    'TIMESTAMP_NTZ(3)',
    'TIME(0)',
    'TIMESTAMP_TZ',
    'TIMESTAMP_LTZ',
    'VARCHAR(10)',
    'VARCHAR(10)',
    'NUMBER(38,0)',
  ]);
  expect(columns.filter(({ digitsUnknown }) => digitsUnknown).map(({ name }) => name)).toEqual(['D']);
  expect(columns.filter(({ fillsItself }) => fillsItself).map(({ name }) => name)).toEqual(['F', 'G']);
  expect(columns.filter(({ collation }) => collation !== undefined).map(({ name }) => name)).toEqual(['E']);
});

it('asks DESCRIBE TABLE where the catalog does not tell', async () => {
  const { session, asked } = answering(
    [row('A', 'TIMESTAMP_NTZ', { DIGITS: null }), row('B', 'TIME', { DIGITS: null }), row('C', 'NUMBER')],
    [
      { name: 'A', type: 'TIMESTAMP_NTZ(6)' },
      { name: 'B', type: 'TIME(9)' },
      { name: 'C', type: 'NUMBER(38,0)' },
    ],
  );
  const columns = (await lookUpTables(session, schema, ['T'])).get('T')?.columns ?? [];
  const told = await withDigits(session, { ...schema, table: 'T' }, columns);
  expect(asked[1]).toBe('DESCRIBE TABLE "D"."S"."T"');
  expect(told.map(({ type }) => renderType(type))).toEqual(['TIMESTAMP_NTZ(6)', 'TIME', 'NUMBER(38,0)']);
  expect(told.some(({ digitsUnknown }) => digitsUnknown)).toBe(false);
});
