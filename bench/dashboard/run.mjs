/**
 * A million invoices in INVOICES_SUMMARY on the local Snowflake: how long until the dashboard's page can be used, in a real browser, against
 * what fetching a tenth of the rows alone would take; how long the server takes; and the bytes that each page brings over the wire, with all
 * that belongs to it. `ROWS` changes the number of invoices.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import Table from 'cli-table3';
import { parse } from 'yaml';
import { connectionFromEnvironment, snowflakeVariable, SnowflakeWarehouse } from '@singer-io-ts/snowflake-session';
import { readBenchSettings } from '../../scripts/lib/bench-settings.mjs';
import { startServer } from '../../scripts/lib/local-server.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { endOnSignals } from '../../scripts/lib/processes.mjs';
import { ensurePythonEnv, envBin } from '../../scripts/lib/python-env.mjs';

endOnSignals();

const { ROWS } = readBenchSettings({ ROWS: 1_000_000 });
const ROUNDS = 5;
const PAGES = [
  '/?lang=en',
  '/?lang=de&period=last_12_months',
  '/?lang=en&cities=all',
  '/customers?lang=en',
  '/data?lang=en',
  '/why/total?lang=en',
];
const CHROMIUM = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (place) => place && existsSync(place),
);

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The marts with columns as dbt's contract has them, and invoices over eight years, 40 countries and 2,000 cities. */
async function makeMarts(session) {
  const run = (sql) => session.run(sql);
  await run('create database if not exists BENCH');
  await run('create schema if not exists BENCH.ANALYTICS');
  const { models } = parse(await readFile(inRoot('dbt/models/analytics/_models.yml'), 'utf8'));
  for (const { name, columns } of models) {
    const definitions = columns.map((column) => `${column.name} ${column.data_type}`).join(', ');
    await run(`create or replace table BENCH.ANALYTICS.${name} (${definitions})`);
  }
  const countries = `case when mod(n * 7, 100) < 60 then 'DE' else substr('ABCDE', 1 + mod(n, 5), 1) || substr('FGHIJKLM', 1 + mod(n, 8), 1) end`;
  await run(`insert into BENCH.ANALYTICS.INVOICES_SUMMARY (invoice_id, invoice_number, invoice_type, invoice_status, invoice_date, service_date, due_date,
      contact_id, contact_name, city, country_code, country_name_de, country_name_en, currency, total_amount_document, total_amount_eur, net_amount_eur,
      open_amount_eur, amount_source, counts_as_invoice, is_cancellation, is_cancelled)
    select to_varchar(n), 'RE-' || n, 'RE', case when mod(n, 20) = 0 then 'open' else 'paid' end,
      dateadd(day, -cast(mod(n * 13, 2900) as int), current_date()), dateadd(day, -cast(mod(n * 13, 2900) as int), current_date()), dateadd(day, 14 - cast(mod(n * 13, 2900) as int), current_date()),
      to_varchar(mod(n, 5000)), 'Customer ' || mod(n, 5000), 'City ' || mod(n * 31, 2000), ${countries}, ${countries}, ${countries}, 'EUR',
      mod(n * 37, 900000) / 100 + 10, mod(n * 37, 900000) / 100 + 10, (mod(n * 37, 900000) / 100 + 10) / 1.19,
      case when mod(n, 20) = 0 then mod(n * 37, 900000) / 100 + 10 else 0 end, 'sevdesk_sum', true, false, false
    from (select row_number() over (order by 1) as n from table(generator(rowcount => ${ROWS})))`);
  await run(`insert into BENCH.ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY (country_code, data_as_of, refreshed_at)
    select 'DE', current_timestamp(), current_timestamp()`);
}

/** The local Snowflake as an account, for the dashboard and for what is compared with it. */
const environmentFor = (url) => ({
  SNOWFLAKE_ACCOUNT: 'local',
  SNOWFLAKE_USER: 'local',
  SNOWFLAKE_PASSWORD: 'local',
  SNOWFLAKE_PRIVATE_KEY_PATH: '',
  SNOWFLAKE_WAREHOUSE: 'LOCAL',
  SNOWFLAKE_DATABASE: 'BENCH',
  SNOWFLAKE_HOST: '127.0.0.1',
  SNOWFLAKE_PORT: new URL(url).port,
  SNOWFLAKE_PROTOCOL: 'http',
});

async function measure(url, session) {
  const { chromium } = await import('playwright-core');
  const dashboard = await startServer({
    name: 'the dashboard',
    command: process.execPath,
    args: [inRoot('scripts/dashboard.mjs')],
    env: { ...environmentFor(url), DASHBOARD_PORT: '0', NO_OPEN: '1' },
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    // Usable: the figures stand there and every control answers.
    const open = async (query) => {
      await page.goto(`${dashboard.url}/?lang=en${query}`, { waitUntil: 'load' });
      await page.waitForSelector('[data-figure=total]');
    };
    const server = await timed(async () => (await fetch(`${dashboard.url}/?lang=de`)).text());
    const first = await timed(() => open(''));
    const narrowed = [];
    for (let round = 0; round < ROUNDS; round++)
      narrowed.push(await timed(() => open(`&period=custom&from=2019-01-0${round + 1}&country=DE`)));
    await open('&status=overdue');
    const again = [];
    for (let round = 0; round < ROUNDS; round++) again.push(await timed(() => open('&status=overdue')));
    const tenth = Math.ceil(ROWS / 10);
    const fetched = await timed(() =>
      session.run(
        `select invoice_date, city, country_code, total_amount_eur, open_amount_eur, due_date from BENCH.ANALYTICS.INVOICES_SUMMARY limit ${tenth}`,
      ),
    );
    const table = new Table({
      head: ['what', 'time', 'against fetching'],
      colAligns: ['left', 'right', 'right'],
      style: { head: [], border: [] },
    });
    const row = (what, time) => table.push([what, seconds(time), `${(fetched / time).toFixed(1)} ×`]);
    row('server, the first page', server);
    row('page, the first time', first);
    row(`page, narrowed anew (median of ${ROUNDS})`, median(narrowed));
    row(`page, asked for again (median of ${ROUNDS})`, median(again));
    row(`only fetching ${tenth.toLocaleString('en')} rows of 6 columns`, fetched);
    process.stdout.write(`${ROWS.toLocaleString('en')} invoices\n${table}\n${await weigh(browser, dashboard.url)}\n`);
  } finally {
    await browser.close();
    await dashboard.stop();
  }
}

/** The bytes of each page as they come over the wire to a browser that has nothing yet: the page alone, and with styles and scripts. */
async function weigh(browser, url) {
  const table = new Table({
    head: ['page', 'HTML', 'on the wire', 'with styles and scripts'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  for (const path of PAGES) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const sizes = [];
    session.on('Network.loadingFinished', ({ encodedDataLength }) => sizes.push(encodedDataLength));
    await page.goto(url + path, { waitUntil: 'networkidle' });
    const html = await (await fetch(url + path)).arrayBuffer();
    table.push([path, ...[html.byteLength, sizes[0], sizes.reduce((sum, size) => sum + size, 0)].map(kilobytes)]);
    await context.close();
  }
  return table;
}

if (!CHROMIUM) {
  process.stdout.write('SKIPPED: no Chromium was found. Install one, or name it in CHROMIUM.\n');
} else {
  await ensurePythonEnv('local-snowflake');
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-dashboard-'));
  const snowflake = await startServer({
    name: 'the local Snowflake',
    command: envBin('local-snowflake', 'python'),
    args: ['-m', 'local_snowflake', '--port', '0', '--data', folder],
    env: { PYTHONPATH: inRoot('local/snowflake'), SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true' },
  });
  const warehouse = new SnowflakeWarehouse({
    config: connectionFromEnvironment(environmentFor(snowflake.url)),
    application: 'bench',
    environmentVariable: snowflakeVariable,
  });
  try {
    const session = await warehouse.session();
    process.stdout.write(
      `${ROWS.toLocaleString('en')} invoices made in ${seconds(await timed(() => makeMarts(session)))}\n`,
    );
    await measure(snowflake.url, session);
  } finally {
    await warehouse.close();
    await snowflake.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
