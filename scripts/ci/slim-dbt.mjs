/**
 * `node scripts/ci/slim-dbt.mjs FOLDER`: builds on the local Snowflake what changed against the production manifest in
 * FOLDER and everything that depends on it. Without a usable manifest it says so loudly and builds everything.
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

await main(async () => {
  const folder = process.argv[2];
  const manifest = folder && path.resolve(folder, 'manifest.json');
  for (const name of ['dbt', 'meltano', 'local-snowflake']) await ensurePythonEnv(name);
  const usable = manifest !== undefined && existsSync(manifest);
  if (!usable) warn(`there is no ${manifest ?? 'folder'}: everything is built`);
  const selection = usable ? ['--select', 'state:modified+', '--state', path.dirname(manifest)] : [];

  const dataDir = await mkdtemp(path.join(tmpdir(), 'slim-dbt-'));
  try {
    await withEmbeddedPlatform({ dataDir }, async (platform) => {
      // The raw tables a build reads come the way they always do: through tap and target.
      await platform.meltano(['run', ...EXTRACT_AND_LOAD]);
      await run(
        envBin('dbt', 'dbt'),
        ['build', '--project-dir', inRoot('dbt'), '--profiles-dir', inRoot('dbt'), ...selection],
        {
          env: { ...process.env, ...platform.env, DBT_TARGET: 'local' },
          inherit: true,
        },
      );
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
