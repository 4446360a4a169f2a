/**
 * `npm run bench -- dbt [INVOICES]`: a company with 200,000 invoices on the local Snowflake, loaded by the real tap and target and built by dbt: the
 * first build, an hourly build after a few changes, and one after none, each with the rows that it wrote.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { readBenchSettings } from '../../scripts/lib/bench-settings.mjs';
import { envBin, ensurePythonEnv } from '../../scripts/lib/python-env.mjs';
import { inRoot, root } from '../../scripts/lib/paths.mjs';
import { endOnSignals, startProcess } from '../../scripts/lib/processes.mjs';
import { run } from '../../scripts/lib/run.mjs';

endOnSignals();

const { BENCH_INVOICES: INVOICES } = readBenchSettings({ BENCH_INVOICES: 200_000 });
const CHANGES = 50;
const folder = mkdtempSync(path.join(tmpdir(), 'bench-dbt-'));
const servers = [];
const seconds = (ms) => (ms / 1000).toFixed(1);

async function serve(command, args, env = {}) {
  const child = startProcess(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  servers.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = / ready on (http:\S+)$/.exec(line);
    if (ready) return ready[1];
  }
  throw new Error(`${command} ${args[0]} ended before it was ready`);
}

async function timed(work) {
  const startedMs = performance.now();
  const result = await work();
  return { ms: performance.now() - startedMs, result };
}

const file = (name, value) => {
  writeFileSync(path.join(folder, name), JSON.stringify(value));
  return path.join(folder, name);
};

/** The tap's catalog with only the streams that the models read. */
async function catalogOf(tap) {
  const catalog = JSON.parse(await run(inRoot('node_modules/.bin', tap), ['--discover']));
  const wanted = [
    'invoices',
    'contacts',
    'contact_addresses',
    'static_countries',
    'credit_notes',
    'orders',
    'exchange_rates',
  ];
  for (const { stream, metadata } of catalog.streams) {
    const own = metadata.find(({ breadcrumb }) => breadcrumb.length === 0);
    own.metadata.selected = wanted.includes(stream);
  }
  return file(`${tap}.catalog.json`, catalog);
}

/** Runs one tap into the target through files, its state kept. */
async function extractAndLoad(tap, config, target) {
  const state = path.join(folder, `${tap}.state.json`);
  const singer = path.join(folder, `${tap}.singer`);
  const bin = (name) => inRoot('node_modules/.bin', name);
  const quoted = (parts) => parts.map((part) => `'${part}'`).join(' ');
  const tapCommand = [
    bin(tap),
    '--config',
    file(`${tap}.json`, config),
    '--catalog',
    await catalogOf(tap),
    ...(existsSync(state) ? ['--state', state] : []),
  ];
  await run('sh', ['-c', `${quoted(tapCommand)} > '${singer}' 2> '${folder}/tap.log'`]);
  await run('sh', [
    '-c',
    `${quoted([bin('target-snowflake-ts'), '--config', file('target.json', target), '--input', singer])} > '${folder}/states' 2> '${folder}/target.log'`,
  ]);
  writeFileSync(state, readFileSync(path.join(folder, 'states'), 'utf8').trim().split('\n').at(-1));
}

async function dbt(port, ...args) {
  const { ms } = await timed(() =>
    run(
      envBin('dbt', 'dbt'),
      [
        ...args,
        '--project-dir',
        inRoot('dbt'),
        '--profiles-dir',
        inRoot('dbt'),
        '--target',
        'local',
        '--target-path',
        path.join(folder, 'dbt'),
        '--log-path',
        folder,
      ],
      {
        env: { ...process.env, LOCAL_SNOWFLAKE_PORT: port, SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true' },
      },
    ),
  );
  const { results } = JSON.parse(readFileSync(path.join(folder, 'dbt', 'run_results.json'), 'utf8'));
  return { ms, results };
}

const COUNTS = `
import json, os, sys
os.environ['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true'
import snowflake.connector
connection = snowflake.connector.connect(account='local', user='local', password='local', host='127.0.0.1', port=int(sys.argv[1]), protocol='http', insecure_mode=True)
counts = {}
for table in ('STAGING.INVOICES_STG', 'DBT.INVOICE_PLACES', 'DBT.ENRICHED', 'ANALYTICS.INVOICES_SUMMARY'):
    rows = connection.cursor().execute(f"select count(*), count_if(written_at > '{sys.argv[2]}'::timestamp_tz) from SEVDESK.{table}").fetchone()
    counts[table] = [int(rows[0]), int(rows[1])]
print(json.dumps(counts))
`;

/** Rows of each incremental table, and how many of them were written since an instant. */
async function written(port, since) {
  return JSON.parse(await run(envBin('dbt', 'python'), ['-W', 'ignore', '-c', COUNTS, port, since]));
}

function report(name, { ms, results }, counts) {
  const models = results.filter(({ unique_id: id }) => id.startsWith('model.'));
  const slowest = [...models].sort((a, b) => b.execution_time - a.execution_time).slice(0, 3);
  const rows = Object.entries(counts).map(([table, [all, changed]]) => `${table.split('.')[1]} ${changed} of ${all}`);
  process.stdout.write(
    `| ${name} | ${seconds(ms)} | ${rows.join(', ')} | ${slowest.map((one) => `${one.unique_id.split('.')[2]} ${one.execution_time.toFixed(1)} s`).join(', ')} |\n`,
  );
}

try {
  for (const name of ['local-snowflake', 'dbt']) await ensurePythonEnv(name);
  const snowflake = await serve(
    envBin('local-snowflake', 'python'),
    ['-m', 'local_snowflake', '--port', '0', '--data', path.join(folder, 'snowflake')],
    {
      PYTHONPATH: inRoot('local/snowflake'),
      SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    },
  );
  const sevdesk = await serve(process.execPath, [
    inRoot('local/sevdesk/dist/main.js'),
    '--port',
    '0',
    '--invoices',
    String(INVOICES),
  ]);
  const ecb = await serve(process.execPath, [inRoot('local/ecb/dist/main.js'), '--port', '0']);
  const { port } = new URL(snowflake);
  const target = {
    account: 'local',
    user: 'local',
    password: 'local',
    warehouse: 'LOCAL',
    host: '127.0.0.1',
    port: Number(port),
    protocol: 'http',
    database: 'SEVDESK',
    default_target_schema: 'RAW',
  };
  const tap = { api_key: '0123456789abcdef0123456789abcdef', api_url: sevdesk, lag_seconds: 0 };
  const extract = async () => {
    await extractAndLoad('tap-sevdesk', tap, target);
    await extractAndLoad('tap-ecb', { api_url: ecb }, target);
  };
  const admin = new URL('/_local/edit-random', sevdesk);

  const loaded = await timed(extract);
  process.stdout.write(
    `${INVOICES} invoices and the other streams that the models read, extracted and loaded in ${seconds(loaded.ms)} s\n\n`,
  );
  process.stdout.write(
    '| build | seconds, dbt start-up included | rows written | slowest models |\n| --- | --- | --- | --- |\n',
  );
  const models = ['build', '--exclude-resource-type', 'test', '--exclude-resource-type', 'unit_test'];
  const now = () => new Date().toISOString();

  let since = now();
  report('first build', await dbt(port, ...models), await written(port, since));
  await fetch(admin, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ count: CHANGES, seed: 7, mix: { update: 40, insert: 10, delete: 0 } }),
  });
  await extract();
  since = now();
  report(`hourly build, ${CHANGES} invoices changed`, await dbt(port, ...models), await written(port, since));
  since = now();
  report('hourly build, nothing changed', await dbt(port, ...models), await written(port, since));
  since = now();
  const tests = await dbt(port, 'test', '--exclude-resource-type', 'unit_test');
  const tested = tests.results.filter(({ unique_id: id }) => id.startsWith('test.'));
  process.stdout.write(
    `\n${tested.length} data tests over it: ${seconds(tests.ms)} s, ${tested.filter(({ status }) => status === 'fail' || status === 'error').length} failed\n`,
  );
} finally {
  for (const child of servers) {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
  rmSync(folder, { recursive: true, force: true });
}
