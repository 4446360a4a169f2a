/**
 * `npm run close-month -- 2026-10 [--by NAME] [--again]`: freezes what a month reports, with who and when. `DBT_TARGET` says where, as for dbt:
 * `local` (the default, what `npm start` made) or `prod` (the account in `.env`).
 */
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { accountProblems } from './lib/account-settings.mjs';
import { readArguments, refuseArguments } from './lib/arguments.mjs';
import { refuseSettings } from './lib/configuration-error.mjs';
import { localSignIns } from './lib/local-account.mjs';
import { localProblems } from './lib/local-settings.mjs';
import { localWarehouse } from './lib/local-warehouse.mjs';
import { main } from './lib/main.mjs';
import { inRoot, localDir } from './lib/paths.mjs';
import { ensurePythonEnv, envBin } from './lib/python-env.mjs';
import { run } from './lib/run.mjs';

const USAGE = `usage: npm run close-month -- 2026-10 [--by NAME] [--again]

Freezes what a month reports. Later changes to it are listed in ANALYTICS.RESTATEMENTS.

  --by      who closes it (default: the user of this machine)
  --again   accept what has changed in a month that was closed before

Environment variables
  DBT_TARGET   prod: the account in .env (default: local, what npm start made)
`;

/** The month to close, and how. */
function chosenMonth() {
  const { values, positionals } = readArguments(USAGE, { by: { type: 'string' }, again: { type: 'boolean' } }, []);
  const [month = ''] = positionals;
  if (positionals.length !== 1 || !/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
    refuseArguments(USAGE, 'name one month, such as 2026-10');
  return { month, closedBy: values.by ?? userInfo().username, again: values.again ?? false };
}

const { month, closedBy, again } = chosenMonth();

/** What is wrong with the target; undefined when dbt's profile has it. */
function targetProblem(target) {
  const [, outputs = ''] = readFileSync(inRoot('dbt/profiles.yml'), 'utf8').split(/^ {2}outputs:$/m);
  const known = [...outputs.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name);
  return known.includes(target) ? undefined : `DBT_TARGET must be one of ${known.join(', ')}; it is "${target}"`;
}

/** The sentences that dbt logged, without its times and frame. */
function sentencesOf(output) {
  const lines = output.split('\n').map((line) => line.replace(/^\d\d:\d\d:\d\d +/, '').trim());
  return lines.filter((line) =>
    /^(Closed |\d+ documents of the month|The month |Nothing has been published)/.test(line),
  );
}

await main(async () => {
  if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
  const target = process.env['DBT_TARGET'] || 'local';
  // What else is needed depends on the target.
  refuseSettings([targetProblem(target)]);
  refuseSettings(target === 'local' ? await localProblems(['snowflake']) : accountProblems(process.env));
  await ensurePythonEnv('dbt');
  const local = target === 'local' ? await localWarehouse() : undefined;
  const env = {
    ...process.env,
    DBT_TARGET: target,
    SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    PYTHONWARNINGS: 'ignore',
    ...(local && { ...localSignIns(localDir), LOCAL_SNOWFLAKE_PORT: new URL(local.url).port }),
  };
  const args = ['run-operation', 'close_month', '--args', JSON.stringify({ month, closed_by: closedBy, again })];
  try {
    const output = await run(
      envBin('dbt', 'dbt'),
      [...args, '--project-dir', inRoot('dbt'), '--profiles-dir', inRoot('dbt')],
      { env },
    );
    process.stdout.write(`${sentencesOf(output).join('\n')}\n`);
  } catch (error) {
    const [sentence] = sentencesOf(error.output ?? '');
    throw sentence ? new Error(sentence, { cause: error }) : error;
  } finally {
    await local?.stop();
  }
});
