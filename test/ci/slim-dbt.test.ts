import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, runCommand } from './run-tool.js';

// A pull request's dbt project against production's manifest: what changed is built and tested with all that depends on it, where nothing is there.
describe('slim CI', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'slim-ci-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const project = path.join(folder, 'dbt');
  const edit = (file: string, find: string, replace: string): void => {
    const place = path.join(project, file);
    const text = readFileSync(place, 'utf8');
    expect([file, text.split(find).length]).toEqual([file, 2]);
    writeFileSync(
      place,
      text.replace(find, () => replace),
    );
  };

  it('builds a changed mart, macro and seed and a new column, and nothing that does not depend on them', async () => {
    const isMade = (file: string): boolean => /\/dbt\/(?:target|logs)(?:\/|$)/.test(file);
    cpSync(path.join(root, 'dbt'), project, { recursive: true, filter: (file) => !isMade(file) });
    const dbt = path.join(root, '.venvs/dbt/bin/dbt');
    const manifest = path.join(folder, 'manifest');
    const here = ['--project-dir', project, '--profiles-dir', project];
    await runCommand(dbt, ['--quiet', 'parse', ...here, '--target-path', manifest], { DBT_TARGET: 'local' });

    edit('models/next/next_months.sql', '\nwith\n', '\n-- a remark\nwith\n');
    edit('macros/amounts/euro_at_rate.sql', '{%- endmacro %}', '{#- A remark. -#}\n{%- endmacro %}');
    writeFileSync(
      path.join(project, 'seeds/british_counties.csv'),
      `${readFileSync(path.join(project, 'seeds/british_counties.csv'), 'utf8')}middleshire\n`,
    );
    edit(
      'models/staging/contacts_stg.sql',
      'contact_name, updated_at',
      "contact_name, cast('x' as varchar) as new_column, updated_at",
    );
    const printed = await runCommand(process.execPath, ['scripts/ci/slim-dbt.mjs', manifest], {
      DBT_PROJECT_DIR: project,
    });
    expect(printed).not.toContain('fell back');
    const [, before = '', changed = ''] = printed.split(/Running with dbt=/);
    expect(changed).toMatch(/Done\. PASS=\d+ WARN=\d+ ERROR=0 SKIP=0/);
    for (const name of ['contacts_stg', 'british_counties', 'next_months', 'publication', 'INVOICES_SUMMARY'])
      expect(changed).toMatch(new RegExp(`OK (?:created|loaded|updated|published)[^\\n]*${name}`, 'i'));
    expect(before).toContain('exchange_rates_stg');
    expect(changed).not.toMatch(/OK created[^\n]*exchange_rates_stg/i);
  }, 600_000);
});
