import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, runCommand } from '../ci/run-tool.js';
import { startLocalSevdesk } from '../support/local-sevdesk.js';
import { startDashboard, type DashboardProcess } from '../../dashboard/test/support/command.js';
import { allRows, differences } from '../support/all-rows.js';
import { startHostilePlatform } from '../support/hostile-account.js';
import { connect, query, startLocalSnowflake } from '../support/local-snowflake.js';

// `npm start` as a user has it, on a folder of its own: everything below is what it left there.
describe('npm start', () => {
  const localDir = mkdtempSync(path.join(tmpdir(), 'main-job-'));
  // The day of the README's ranking.
  const env = {
    LOCAL_DIR: localDir,
    LOCAL_SNOWFLAKE_PORT: '0',
    LOCAL_SEVDESK_PORT: '0',
    LOCAL_ECB_PORT: '0',
    LOCAL_SEVDESK_TODAY: '2026-10-30',
  };
  const start = (...args: string[]): Promise<string> =>
    runCommand(process.execPath, ['scripts/start.mjs', ...args], env);
  const movedInvoices = (printed: string): number => Number(/(\d+) invoices, \d+ records in all/.exec(printed)?.[1]);
  let before: string;

  beforeAll(() => {
    before = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  });
  afterAll(() => rmSync(localDir, { recursive: true, force: true }));

  it('loads the whole company, then only what changed, and shows the ranking', async () => {
    const first = await start();
    expect(first).toMatch(/first sync, \d{4,} invoices/);
    expect(first).toContain('ranking by country');
    expect(first).toMatch(/│\s+1 │ \S.*│\s+[\d,]+\.\d\d € │\s+\d+ │/);
    expect(first).toContain('What next');
    const [, ranking = ''] =
      /```text\n(Invoice revenue ranking[\s\S]*?)\n```/.exec(readFileSync(path.join(root, 'README.md'), 'utf8')) ?? [];
    expect(ranking.split('\n').length).toBeGreaterThan(10);
    expect(ranking.split('\n').filter((line) => !first.includes(line))).toEqual([]);

    // The README promises it of a second start on the same day.
    const again = await start();
    expect(again).toContain('nothing has changed in the sources');
    expect(again).toContain('nothing that they read has changed since');
    const figures = (printed: string): string[] => printed.split('\n').filter((line) => line.startsWith('│'));
    expect(figures(again)).toEqual(figures(first));

    const second = await start('--activity', '7');
    expect(second).toContain('Built and tested');
    expect(second).toContain('incremental sync');
    expect(movedInvoices(second)).toBeGreaterThan(0);
    expect(movedInvoices(second)).toBeLessThan(movedInvoices(first) / 20);
  }, 600_000);

  it('gives the same tables, figures and pages on an account and users whose every default is another', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hostile-account-'));
    cpSync(path.join(localDir, 'sevdesk'), path.join(folder, 'sevdesk'), { recursive: true });
    const pages = ['/', '/customers', '/data', '/why/total', '/freshness.json', '/xlsx/invoices.xlsx'];
    const files = ['trend', 'countries', 'cities', 'customers', 'receivables', 'currencies', 'invoices', 'review'];
    const read = async (dashboard: DashboardProcess): Promise<Map<string, string>> => {
      const texts = new Map<string, string>();
      try {
        for (const page of [...pages, ...files.map((name) => `/csv/${name}.csv`)]) {
          const answer = await fetch(`${dashboard.url}${page}${page.includes('json') ? '' : '?lang=en'}`);
          expect([page, answer.status]).toEqual([page, 200]);
          if (page.startsWith('/csv/')) texts.set(page, await answer.text());
        }
      } finally {
        expect(await dashboard.stop()).toBe(0);
      }
      return texts;
    };
    const ordinary = await read(await startDashboard({ LOCAL_DIR: localDir, LOCAL_SNOWFLAKE_PORT: '0' }, ['--local']));
    try {
      let hostile: Map<string, string>;
      const platform = await startHostilePlatform(folder, ['--today', env.LOCAL_SEVDESK_TODAY]);
      try {
        expect(await platform.meltano(['run', 'load', 'dbt-snowflake:build'])).toContain('Run completed');
        hostile = await read(await startDashboard(platform.env));
      } finally {
        await platform.stop();
      }
      expect([...hostile]).toEqual([...ordinary]);
      const there = await allRows(path.join(folder, 'snowflake'));
      expect(differences(there, await allRows(path.join(localDir, 'snowflake')))).toEqual([]);
      expect(there.get('ANALYTICS.INVOICES_SUMMARY')?.rows.length).toBeGreaterThan(100);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 600_000);

  it('is well by what npm run doctor sees, which says what to do when it is not', async () => {
    const doctor = (more: NodeJS.ProcessEnv, ...args: string[]): Promise<string> =>
      runCommand(process.execPath, ['scripts/doctor.mjs', ...args], { ...env, ...more });
    expect(await doctor({}, '--environment', 'local')).toMatch(
      /✔ sevDesk[\s\S]*✔ Snowflake[\s\S]*✔ Grants[\s\S]*✔ Figures: data as of[\s\S]*All is well/,
    );
    const unset = { SEVDESK_API_KEY: '', SNOWFLAKE_ACCOUNT: '', SNOWFLAKE_USER: '', SNOWFLAKE_WAREHOUSE: '' };
    await expect(doctor(unset, '--environment', 'prod')).rejects.toThrow(
      /✖ Settings: SEVDESK_API_KEY[\s\S]*→ in \.env/,
    );
    await expect(doctor({}, '--environment', 'moon')).rejects.toThrow(/ended with 2[\s\S]*usage/);
  });

  it('keeps what it makes under its folder and leaves the tree alone', () => {
    expect(readdirSync(localDir)).toEqual(expect.arrayContaining(['sevdesk', 'snowflake', 'state']));
    expect(execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' })).toBe(before);
  });

  it('has a dashboard that shows what dbt built, to the cent', async () => {
    // Both start a Snowflake of their own on what was left: first the command, then the test.
    const dashboard = await startDashboard({ LOCAL_DIR: localDir, LOCAL_SNOWFLAKE_PORT: '0' }, ['--local']);
    const shown = new Map<string, string[][]>();
    let page: string;
    try {
      for (const name of ['countries', 'cities']) {
        const [, ...lines] = (await (await fetch(`${dashboard.url}/csv/${name}.csv?lang=en`)).text())
          .trim()
          .split('\r\n');
        shown.set(
          name,
          lines.map((line) => line.split(',')),
        );
      }
      page = await (await fetch(`${dashboard.url}/?lang=en`)).text();
    } finally {
      expect(await dashboard.stop()).toBe(0);
    }
    const snowflake = await startLocalSnowflake({ dataDir: path.join(localDir, 'snowflake') });
    const figures = `total_amount_eur, invoiced_amount_eur, credited_amount_eur, net_amount_eur, open_amount_eur, invoice_count`;
    const mart = async (table: string, names: string): Promise<string[][]> => {
      const sql = `select rank_overall, ${names}, ${figures} from SEVDESK.ANALYTICS.${table} order by rank_overall, ${names}`;
      const rows = await query(snowflake, sql, [], { fetchAsString: ['Number'] });
      return rows.map((row) => Object.values(row).map(String));
    };
    try {
      const cut = (rows: string[][]): string[][] => rows.map((row) => row.slice(0, -1));
      const [countries, cities] = [
        await mart('INVOICES_AMOUNT_BY_COUNTRY', 'country_code, country_name_en'),
        await mart('INVOICES_AMOUNT_BY_CITY', 'country_code, country_name_en, city'),
      ];
      expect(cut(shown.get('countries')!)).toEqual(countries);
      // The dashboard names in the reader's language what could not be placed.
      const told = cities.map((row) =>
        row.map((value, at) => (at === 3 && value === 'Unknown' ? 'Unknown city' : value)),
      );
      expect(cut(shown.get('cities')!)).toEqual(told);
      expect(cities.length).toBeGreaterThan(10);
      expect(page).toContain('data-freshness="fresh"');
    } finally {
      await snowflake.stop();
    }
  });

  it('has every invoice of sevDesk in RAW exactly once, and a changed one is updated by the next run', async () => {
    const sevdesk = await startLocalSevdesk({ args: ['--data', path.join(localDir, 'sevdesk')] });
    const snowflake = await startLocalSnowflake({ dataDir: path.join(localDir, 'snowflake') });
    const warehouse = await connect(snowflake, { database: 'SEVDESK', schema: 'RAW' });
    try {
      const loaded = async (): Promise<Map<string, Record<string, unknown>>> => {
        const rows = await warehouse.query('SELECT * FROM INVOICES WHERE _SDC_DELETED_AT IS NULL');
        const byId = new Map(rows.map((row) => [String(row['ID']), row]));
        expect(byId.size).toBe(rows.length);
        return byId;
      };
      const rows = await loaded();
      const source = await sevdesk.dump('Invoice');
      expect([...rows.keys()].sort()).toEqual(source.map(({ id }) => String(id)).sort());
      for (const invoice of source) {
        const row = rows.get(String(invoice['id']));
        expect([row?.['INVOICENUMBER'], row?.['SUMGROSS'], row?.['STATUS'], row?.['CONTACT_ID'] ?? null]).toEqual([
          invoice['invoiceNumber'],
          invoice['sumGross'],
          invoice['status'],
          (invoice['contact'] as { id: string } | undefined)?.id ?? null,
        ]);
      }
      expect(Object.keys(rows.values().next().value ?? {})).toEqual(
        expect.arrayContaining(['CONTACT_ID', 'INVOICENUMBER', 'CREATE', 'UPDATE']),
      );

      const changed = String(source[7]?.['id']);
      await sevdesk.edit({
        op: 'update',
        model: 'Invoice',
        id: changed,
        fields: { customerInternalNote: 'changed by a test' },
      });
      // Newer than the lag behind the server's clock that a window ends at.
      await sevdesk.admin('PUT', '/clock', { advanceSeconds: 60 });
      const port = String(snowflake.port);
      const run = await runCommand(
        path.join(root, '.venvs/meltano/bin/meltano'),
        ['run', 'tap-sevdesk', 'target-snowflake-ts'],
        {
          TAP_SEVDESK_API_URL: sevdesk.url,
          TARGET_SNOWFLAKE_TS_PORT: port,
          TARGET_SNOWFLAKE_TS_PRIVATE_KEY_PATH: path.join(localDir, 'keys/loader.p8'),
          MELTANO_ENVIRONMENT: 'local',
          MELTANO_STATE_BACKEND_URI: `file://${path.join(localDir, 'state')}`,
        },
      );
      expect(run).toContain('Run completed');
      const after = await loaded();
      expect(after.size).toBe(rows.size);
      expect(after.get(changed)?.['CUSTOMERINTERNALNOTE']).toBe('changed by a test');
    } finally {
      await warehouse.close();
      await snowflake.stop();
      await sevdesk.stop();
    }
  }, 300_000);
});
