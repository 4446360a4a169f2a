/**
 * `npm run doctor`: checks tools, settings, sign-ins, grants, the state and the age of the figures, and says for each failure what to do.
 * Exits with 1 when anything is not as it should be.
 */
import { existsSync } from 'node:fs';
import { readArguments, refuseArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { refuseSettings } from './lib/configuration-error.mjs';
import { localProblems } from './lib/local-settings.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot, localDir } from './lib/paths.mjs';
import { configuredPorts } from './lib/ports.mjs';
import { ensurePythonEnv } from './lib/python-env.mjs';

const USAGE = `usage: npm run doctor [-- --environment local|prod] [--services] [--json]

Checks tools, settings, sign-ins, grants, the state and the age of the figures, and says for each failure what to do.

  --environment   local: the embedded servers, started for this; prod: the accounts in .env
                  (default: prod when SEVDESK_API_KEY is set, else local)
  --services      also that Dagster and the webhook listener run on this machine
  --json          print one JSON object: "healthy", and "checks" with name, status, message and advice

Exit codes: 0 all is well, 1 a check failed, 2 a setting or an option cannot be used.
`;

const { services, json, ...chosen } = readArguments(USAGE, {
  environment: { type: 'string' },
  services: { type: 'boolean' },
  json: { type: 'boolean' },
}).values;
if (chosen.environment !== undefined && !['local', 'prod'].includes(chosen.environment))
  refuseArguments(USAGE, `--environment is local or prod, not "${chosen.environment}"`);

const MARKS = { ok: '✔', failed: '✖', note: '•' };

/** A finding as two lines: what, and what to do about it. */
function tell({ name, status, message, advice }) {
  process.stdout.write(`${MARKS[status]} ${name}: ${message}\n${advice === undefined ? '' : `    → ${advice}\n`}`);
}

await main(async () => {
  if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
  const environment = chosen.environment ?? (process.env['SEVDESK_API_KEY'] ? 'prod' : 'local');
  if (environment === 'local') refuseSettings(await localProblems());
  await ensureNodeModules();
  await build();
  const { checkHealth } = await import('./lib/health.mjs');
  const report = json ? () => undefined : tell;
  let findings;
  if (environment === 'prod') findings = await checkHealth({ env: process.env, isLocal: false, services, report });
  else {
    await ensurePythonEnv('local-snowflake');
    const { withEmbeddedPlatform } = await import('./lib/embedded-platform.mjs');
    findings = await withEmbeddedPlatform({ dataDir: localDir, ports: configuredPorts() }, (platform) =>
      checkHealth({ env: { ...platform.env, SEVDESK_API_KEY: platform.sevdeskToken }, isLocal: true, report }),
    );
  }
  const failed = findings.filter(({ status }) => status === 'failed').length;
  const summary = failed === 0 ? 'All is well.' : `${failed} of the checks above failed.`;
  const result = { environment, healthy: failed === 0, checks: findings };
  process.stdout.write(`${json ? JSON.stringify(result, undefined, 2) : summary}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
});
