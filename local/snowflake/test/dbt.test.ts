import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.join(here, 'dbt-project');

let folder: string;
const server = useLocalSnowflake();
const sf = server.session({ database: 'SEVDESK' });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'local-snowflake-dbt-'));
  await sf.query('CREATE ROLE REPORTER'); // the project grants it SELECT
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs dbt to its end and resolves to what it printed. */
const dbt = (...args: string[]) =>
  new Promise<string>((resolve, reject) => {
    const env = {
      ...process.env,
      LOCAL_SNOWFLAKE_PORT: String(server.port),
      SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    };
    const places = [
      '--project-dir',
      project,
      '--profiles-dir',
      project,
      '--target-path',
      path.join(folder, 'target'),
      '--log-path',
      path.join(folder, 'logs'),
    ];
    execFile(path.join(here, '../../../.venvs/dbt/bin/dbt'), [...args, ...places], { env }, (error, stdout) =>
      error ? reject(new Error(stdout)) : resolve(stdout),
    );
  });

it('builds seeds, views, tables, incremental models, snapshots, contracts, tests and unit tests twice, and documents them', async () => {
  expect(await dbt('build')).toContain('PASS=12 WARN=0 ERROR=0 SKIP=0');
  await sf.query("INSERT INTO DBT.MERGED SELECT 9, 'kept', 1");
  expect(await dbt('build')).toContain('PASS=12 WARN=0 ERROR=0 SKIP=0');

  expect(await sf.query('SELECT CUSTOMER, PAYMENTS, TOTAL, IDS, SIZE FROM DBT.CUSTOMERS ORDER BY CUSTOMER')).toEqual([
    { CUSTOMER: 'ada', PAYMENTS: 1, TOTAL: 10.25, IDS: '1', SIZE: 'small' },
    { CUSTOMER: 'ben', PAYMENTS: 2, TOTAL: 20.5, IDS: '2,3', SIZE: 'big' },
  ]);
  expect(await sf.query('SELECT ID FROM DBT.MERGED ORDER BY ID')).toEqual([1, 2, 3, 9].map((ID) => ({ ID })));
  expect(await sf.query('SELECT COUNT(*) N, COUNT(ADDED_LATER) A FROM DBT.REPLACED')).toEqual([{ N: 3, A: 3 }]);
  expect(await sf.query('SELECT COUNT(*) N FROM DBT_HISTORY.PAYMENTS_HISTORY')).toEqual([{ N: 3 }]);
  expect(
    (await sf.query('DESCRIBE TABLE DBT.CONTRACTED')).map((row) => [
      row['name'],
      row['type'],
      row['null?'],
      row['comment'],
    ]),
  ).toEqual([
    ['ID', 'NUMBER(38,0)', 'N', "the id's"],
    ['CUSTOMER', 'VARCHAR(20)', 'Y', 'a \' and a " and an ü'],
    ['AMOUNT', 'NUMBER(38,2)', 'Y', null],
  ]);

  await dbt('docs', 'generate');
  const catalog = JSON.parse(await readFile(path.join(folder, 'target', 'catalog.json'), 'utf8')) as {
    nodes: Record<
      string,
      { metadata: { type: string; comment: string | null }; stats: Record<string, { value: unknown }> }
    >;
  };
  expect(catalog.nodes['model.local_snowflake_contract.contracted']).toMatchObject({
    metadata: { type: 'BASE TABLE', comment: 'it\'s a "contracted" model' },
    stats: { row_count: { value: 3 } },
  });
  expect(catalog.nodes['model.local_snowflake_contract.payments_clean']?.metadata.type).toBe('VIEW');
}, 600_000);

it('gives the Python connector its values, counts, errors and later answers', async () => {
  const python = path.join(here, '../../../.venvs/dbt/bin/python');
  const said = await new Promise<string>((resolve) => {
    execFile(python, [path.join(here, 'python_connector.py'), String(server.port)], (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
  expect(said.trim().split('\n').at(-1)).toBe('as expected');
}, 600_000);
