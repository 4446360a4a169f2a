/**
 * `node scripts/ci/slim-dbt.mjs FOLDER`: builds what changed against the production manifest in FOLDER and everything that depends
 * on it, and tests it. Without a usable manifest it says so loudly and builds everything.
 *
 * On the local Snowflake (the default) nothing is there yet: the parents of what is built are built first, without their tests. With
 * `DBT_TARGET=ci` and a real account (`SNOWFLAKE_*`) parents are read where production has them (dbt's `--defer`). `DBT_PROJECT_DIR` names
 * another project than `dbt/`.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../lib/main.mjs';
import { inRoot } from '../lib/paths.mjs';
import { ensurePythonEnv, envBin } from '../lib/python-env.mjs';
import { run } from '../lib/run.mjs';
import { EXTRACT_AND_LOAD, withEmbeddedPlatform } from '../lib/embedded-platform.mjs';

/** GitHub shows lines of this form as a warning on the run. */
const warn = (text) => process.stdout.write(`::warning title=Slim CI fell back to a full build::${text}\n`);

const project = process.env['DBT_PROJECT_DIR'] ?? inRoot('dbt');

const dbt = (args, env) =>
  run(envBin('dbt', 'dbt'), ['build', '--project-dir', project, '--profiles-dir', project, ...args], {
    env: { ...process.env, ...env },
    inherit: true,
  });

const CHANGED = 'state:modified+';
/** What changed, what depends on it, and all that these are made from. */
const CHANGED_AND_PARENTS = '@state:modified';

await main(async () => {
  const folder = process.argv[2];
  const manifest = folder && path.resolve(folder, 'manifest.json');
  const isLocal = process.env['DBT_TARGET'] !== 'ci';
  for (const name of ['dbt', ...(isLocal ? ['meltano', 'local-snowflake'] : [])]) await ensurePythonEnv(name);
  const usable = manifest !== undefined && existsSync(manifest);
  if (!usable) warn(`there is no ${manifest ?? 'folder'}: everything is built`);
  const state = usable ? ['--state', path.dirname(manifest)] : [];
  const changed = usable ? ['--select', CHANGED, ...state] : [];
  if (!isLocal) {
    await dbt(usable ? [...changed, '--defer'] : [], {});
    return;
  }

  const dataDir = await mkdtemp(path.join(tmpdir(), 'slim-dbt-'));
  try {
    await withEmbeddedPlatform({ dataDir }, async (platform) => {
      const env = { ...platform.env, DBT_TARGET: 'local' };
      // The raw tables a build reads come the way they always do: through tap and target.
      await platform.meltano(['run', ...EXTRACT_AND_LOAD]);
      if (usable) {
        const untested = ['--exclude-resource-types', 'test', 'unit_test'];
        await dbt(['--select', CHANGED_AND_PARENTS, '--exclude', CHANGED, ...untested, ...state], env);
      }
      await dbt(changed, env);
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
