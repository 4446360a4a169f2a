import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = path.join(root, 'packages/target-snowflake-ts');
const bin = path.join(folder, 'bin/target-snowflake-ts.js');
const about = JSON.parse(
  execFileSync(process.execPath, [bin, '--about', '--format', 'json'], { encoding: 'utf8' }),
) as {
  settings: { properties: Record<string, { description?: string; secret?: boolean }> };
};
/** The settings of meltanolabs-target-snowflake 0.20.4, as its `--about` lists them. */
const PEER = (
  'user password private_key private_key_path private_key_passphrase account database schema warehouse role add_record_metadata clean_up_batch_files ' +
  'use_browser_authentication oauth_access_token timestamp_type uuid_format quoted_identifiers_ignore_case normalise_casing use_raw_stream_names load_method ' +
  'ingestion_method default_target_schema hard_delete batch_size_rows process_activate_version_messages batch_config validate_records stream_maps ' +
  'stream_map_config faker_config flattening_enabled flattening_max_depth flattening_max_key_length flattening_separator'
).split(' ');

describe('the package', () => {
  it('takes every setting of meltanolabs-target-snowflake and says in its README what it does here', () => {
    const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
    const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
    expect(PEER.filter((setting) => !(setting in about.settings.properties))).toEqual([]);
    expect(PEER.filter((setting) => !rows.some((row) => (row.split('|')[1] ?? '').includes(`\`${setting}\``)))).toEqual(
      [],
    );
  });

  it('describes every setting, and marks every secret', () => {
    for (const [name, { description = '', secret = false }] of Object.entries(about.settings.properties)) {
      expect([name, description.length > 10]).toEqual([name, true]);
      expect([name, secret]).toEqual([
        name,
        /password|passphrase|secret|(?<!url|_request)_token$|^private_key$/.test(name),
      ]);
    }
  });

  it('can be added to a Meltano project from that definition, without a network', () => {
    const project = mkdtempSync(path.join(tmpdir(), 'meltano-'));
    try {
      writeFileSync(
        path.join(project, 'meltano.yml'),
        'default_environment: dev\nproject_id: test\nsend_anonymous_usage_stats: false\nenvironments:\n  - name: dev\n',
      );
      const meltano = path.join(root, '.venvs/meltano/bin/meltano');
      const env = { ...process.env, MELTANO_PROJECT_ROOT: project };
      const ref = path.join(folder, 'meltano/target-snowflake-ts.yml');
      execFileSync(
        meltano,
        ['add', '--no-install', '--from-ref', ref, '--plugin-type', 'loader', 'target-snowflake-ts'],
        { cwd: project, env, stdio: 'pipe' },
      );
      const added = parse(readFileSync(path.join(project, 'meltano.yml'), 'utf8')) as {
        plugins: { loaders: { name: string; executable?: string }[] };
      };
      expect(added.plugins.loaders).toMatchObject([{ name: 'target-snowflake-ts' }]);
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });
});
