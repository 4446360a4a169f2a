import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { messagesOf, state } from './support/messages.js';
import { type Settings } from './support/run-target.js';
import { useSandbox } from './support/sandbox.js';
import { useWire } from './support/wire.js';

const sandbox = useSandbox();
const wire = useWire(sandbox);

const of = (stream: string) =>
  messagesOf(stream, { properties: { id: { type: 'integer' }, label: { type: ['null', 'string'] } } });
const crates = of('crates');
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ id: from + index, label: `größe ${from + index}` }));
const records = (from: number, to: number, stream = crates) => rows(from, to).map((row) => stream.record(row));
const bytesOf = (all: readonly object[]): number =>
  all.reduce((sum, record) => sum + Buffer.byteLength(JSON.stringify(record)), 0);

/** ROWS_READ and BYTES of the whole run. */
async function read(config: Settings, stream = 'crates'): Promise<[rows: number, bytes: number]> {
  const entries = await sandbox.rows(config, '_SDC_LOAD_LEDGER', '"CUT"');
  const own = entries.filter(({ STREAM }) => STREAM === stream);
  const sum = (name: string): number => own.reduce((total, row) => total + Number(row[name]), 0);
  return [sum('ROWS_READ'), sum('BYTES')];
}

describe('rows and bytes in the ledger', () => {
  const expected = [6, bytesOf(rows(0, 6))];

  it('are those of the records, alone, beside another stream, and with a SCHEMA that changes in between', async () => {
    const alone = sandbox.fresh();
    await sandbox.load(alone, [crates.schema(), ...records(0, 6)]);
    expect(await read(alone)).toEqual(expected);
    const beside = sandbox.fresh();
    const tubs = of('tubs');
    const changed = crates.schema({ properties: { extra: { type: ['null', 'integer'] } } });
    await sandbox.load(beside, [
      crates.schema(),
      ...records(0, 3),
      tubs.schema(),
      ...records(0, 9, tubs),
      changed,
      ...records(3, 6),
    ]);
    expect(await read(beside)).toEqual(expected);
    expect(await read(beside, 'tubs')).toEqual([9, bytesOf(rows(0, 9))]);
  });

  it('are those of the lines of BATCH files', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ledger-'));
    const file = path.join(folder, 'rows.jsonl');
    writeFileSync(
      file,
      rows(0, 4)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
    const config = sandbox.fresh();
    await sandbox.load(config, [crates.schema(), crates.batch([file]), ...records(4, 6)]);
    expect(await read(config)).toEqual(expected);
    rmSync(folder, { recursive: true });
  });

  it('count a cut once that is loaded at the second try', async () => {
    const config = wire.through(sandbox.fresh());
    const broken = { match: /^(MERGE|COPY)/, answer: { code: '000625', message: 'lock' }, times: 1 } as const;
    wire.faults = [broken];
    await sandbox.load(config, [crates.schema(), ...records(0, 6)]);
    expect(wire.seen.filter((sql) => sql.startsWith('BEGIN')).length).toBeGreaterThan(0);
    expect(await read(config)).toEqual(expected);
  });

  it('are those of all cuts of a table that is overwritten', async () => {
    const config = { ...sandbox.fresh(), load_method: 'overwrite', batch_size_rows: 2 };
    await sandbox.load(config, [crates.schema(), ...records(0, 6), state({ done: true })]);
    expect(await read(config)).toEqual(expected);
  });
});

it('may have columns of the user, but not lack its own', async () => {
  const config = sandbox.fresh();
  const ledger = sandbox.table(config, '_SDC_LOAD_LEDGER');
  await sandbox.load(config, [crates.schema(), ...records(0, 1)]);
  await sandbox.query(`ALTER TABLE ${ledger} ADD COLUMN NOTE VARCHAR`);
  await sandbox.query(`ALTER TABLE ${sandbox.table(config, '_SDC_TABLES')} ADD COLUMN NOTE VARCHAR`);
  await sandbox.load(config, [crates.schema(), ...records(1, 2)]);
  expect(await read(config)).toEqual([2, bytesOf(rows(0, 2))]);
  await sandbox.query(`ALTER TABLE ${ledger} DROP COLUMN BYTES`);
  const refused = await sandbox.refusal(config, [crates.schema(), ...records(2, 3)]);
  expect(refused).toContain('"_SDC_LOAD_LEDGER" is a table without column BYTES');
  await sandbox.load({ ...config, load_ledger: false }, [crates.schema(), ...records(2, 3)]);
  expect(await sandbox.rows(config, 'CRATES')).toHaveLength(3);
});

it('tells what runs cost, once the account shows it', async () => {
  const config = wire.through(sandbox.fresh());
  await sandbox.load(config, [crates.schema(), ...records(0, 6)]);
  await sandbox.load({ ...config, query_tag: 'mine' }, [crates.schema(), ...records(6, 7)]);
  const tag = /QUERY_TAG = '([^']*)'/.exec(wire.seen.find((sql) => sql.includes('QUERY_TAG = ')) ?? '')?.[1];
  const usage = 'SNOWFLAKE.ACCOUNT_USAGE';
  await sandbox.query('CREATE DATABASE SNOWFLAKE');
  await sandbox.query(`CREATE SCHEMA ${usage}`);
  await sandbox.query(
    `CREATE TABLE ${usage}.QUERY_ATTRIBUTION_HISTORY (QUERY_ID VARCHAR, QUERY_TAG VARCHAR, START_TIME TIMESTAMP_LTZ, CREDITS_ATTRIBUTED_COMPUTE FLOAT, CREDITS_USED_QUERY_ACCELERATION FLOAT)`,
  );
  await sandbox.query(
    `CREATE TABLE ${usage}.QUERY_HISTORY (QUERY_ID VARCHAR, QUERY_TAG VARCHAR, START_TIME TIMESTAMP_LTZ, TOTAL_ELAPSED_TIME NUMBER(38,0), CREDITS_USED_CLOUD_SERVICES FLOAT)`,
  );
  const now = 'CURRENT_TIMESTAMP()';
  for (const [id, whose] of [
    ['a', tag],
    ['b', tag],
    ['c', 'no JSON'],
    ['d', '{"app":"other","run":"x"}'],
  ])
    await sandbox.query(`INSERT INTO ${usage}.QUERY_HISTORY SELECT '${id}', '${whose}', ${now}, 1500, 0.001`);
  await sandbox.query(
    `INSERT INTO ${usage}.QUERY_ATTRIBUTION_HISTORY SELECT 'a', '${tag}', ${now}, 0.25, NULL UNION ALL SELECT 'b', '${tag}', ${now}, 0.5, NULL`,
  );
  const file = fileURLToPath(new URL('../../../deploy/snowflake/run-costs.sql', import.meta.url));
  const sql = readFileSync(file, 'utf8').replaceAll('SEVDESK.RAW', sandbox.schema(config));
  const [own, ...others] = await sandbox.query(sql.trim().replace(/;$/, ''));
  expect([own, ...others].map((row) => row?.['ROWS_READ'])).toEqual(['1', '6']);
  expect(others[0]).toMatchObject({
    CUTS: '1',
    BYTES: String(bytesOf(rows(0, 6))),
    STATEMENT_COUNT: '2',
    CREDITS_COMPUTE: '0.75',
    CREDITS_ACCELERATION: null,
    CREDITS_CLOUD_SERVICES: '0.002',
  });
  expect(Number(others[0]?.['STATEMENT_SECONDS'])).toBe(3);
  expect(own).toMatchObject({ CREDITS_COMPUTE: null, STATEMENT_COUNT: null });
});
