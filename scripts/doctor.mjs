/**
 * `npm run doctor [-- --environment local|prod] [--services]`: checks tools, settings, sign-ins, grants, the state and, with
 * `--services`, that the platform runs on this machine; tells how fresh the figures are; and
 * says for each failure what to do. Exits with 1 when anything is not as it should be. Without an environment it takes prod when
 * a token is set (in the environment or in `.env`), else local.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot, localDir } from './lib/paths.mjs';
import { configuredPorts } from './lib/ports.mjs';
import { ensurePythonEnv } from './lib/python-env.mjs';

const report = (line) => process.stdout.write(`${line}\n`);

function chosenArguments() {
  try {
    const { values } = parseArgs({ options: { environment: { type: 'string' }, services: { type: 'boolean' } } });
    const name = values.environment ?? (process.env['SEVDESK_API_KEY'] ? 'prod' : 'local');
    if (name === 'local' || name === 'prod') return { environment: name, services: values.services };
  } catch {
    // said below
  }
  process.stderr.write('usage: npm run doctor [-- --environment local|prod] [--services]\n');
  process.exit(2);
}

await main(async () => {
  if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
  const { environment, services } = chosenArguments();
  await ensureNodeModules();
  await build();
  const { checkHealth } = await import('./lib/health.mjs');
  let failed;
  if (environment === 'prod') failed = await checkHealth({ env: process.env, isLocal: false, services, report });
  else {
    await ensurePythonEnv('local-snowflake');
    const { withEmbeddedPlatform } = await import('./lib/embedded-platform.mjs');
    failed = await withEmbeddedPlatform({ dataDir: localDir, ports: configuredPorts() }, (platform) =>
      checkHealth({ env: { ...platform.env, SEVDESK_API_KEY: platform.sevdeskToken }, isLocal: true, report }),
    );
  }
  report(failed === 0 ? 'All is well.' : `${failed} of the checks above failed.`);
  process.exitCode = failed === 0 ? 0 : 1;
});
