import { readFileSync } from 'node:fs';
import { failure } from '../../../test/support/local-snowflake.js';
import { useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

/** A value: null, a boolean, a number (by value), a text, the JSON of a VARIANT, or a number that is near. */
type Expected = null | boolean | number | string | { json: unknown } | { near: number; tolerance?: number };

/** What the driver gives where it gives texts for everything else. */
type Value = null | boolean | string;

interface Statement {
  sql: string;
  before?: string[];
  rows?: Expected[][];
  columns?: string[];
}

const { setup, answers, answered, refused } = JSON.parse(
  readFileSync(new URL('statements.json', import.meta.url), 'utf8'),
) as { setup: string[]; answers: Statement[]; answered: Statement[]; refused: string[] };

const server = useLocalSnowflake();
const sf = server.session({ fetchAsString: ['Number', 'Date', 'JSON', 'Buffer'] });

beforeAll(async () => {
  await sf.query('CREATE DATABASE CASES');
  await sf.query('CREATE SCHEMA CASES.CASES');
  await sf.query('USE SCHEMA CASES.CASES');
  for (const sql of setup) await sf.query(sql);
});

/** The expected value where it is the one that came, else what came. */
function matched(expected: Expected | undefined, came: Value): unknown {
  if (came === null || came === 'NULL') return null;
  if (typeof expected === 'boolean') return String(came).toLowerCase() === String(expected) ? expected : came;
  if (typeof expected === 'number') return Number(came) === expected ? expected : came;
  if (typeof expected !== 'object' || expected === null) return came;
  if ('near' in expected)
    return Math.abs(Number(came) - expected.near) <= (expected.tolerance ?? 1e-9) ? expected : came;
  return { json: JSON.parse(String(came).replace(/\bundefined\b/g, 'null')) as unknown };
}

const prepare = async ({ before = [] }: Statement) => {
  for (const sql of before) await sf.query(sql);
};

it.each(answers)('$sql', async (one) => {
  await prepare(one);
  const { rows, statement } = await sf.run(one.sql, undefined, { rowMode: 'array' });
  const came = rows.map((row) => Object.values(row) as Value[]);
  expect(came.map((row, i) => row.map((value, j) => matched(one.rows?.[i]?.[j], value)))).toEqual(one.rows);
  if (one.columns) expect(statement.getColumns()?.map((column) => column.getName())).toEqual(one.columns);
});

it.each(answered)('answers $sql', async (one) => {
  for (const sql of ['USE ROLE ACCOUNTADMIN', 'USE SCHEMA CASES.CASES']) await sf.query(sql);
  await prepare(one);
  await expect(sf.query(one.sql)).resolves.toBeDefined();
});

it.each(refused)('refuses %s', async (sql) => {
  expect(await failure(sf.query(sql))).toBeDefined();
});
