/**
 * `npm run close-month -- 2026-10 [--by NAME] [--again]`: freezes what a month reports, with who and when. `DBT_TARGET` says where, as for dbt:
 * `local` (the default, what `npm start` made) or `prod` (the account in `.env`).
 */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { localSignIns } from './lib/local-account.mjs';
import { localWarehouse } from './lib/local-warehouse.mjs';
import { main } from './lib/main.mjs';
import { inRoot, localDir } from './lib/paths.mjs';
import { ensurePythonEnv, envBin } from './lib/python-env.mjs';
import { run } from './lib/run.mjs';

const USAGE =
  'usage: npm run close-month -- 2026-10 [--by NAME] [--again]   (--again: accept what changed in a month that was closed before)\n';

/** The month and options, or what is wrong with them. */
function readArguments(args) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { by: { type: 'string' }, again: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    return { problem: error.message };
  }
  const { values, positionals } = parsed;
  if (values.help) return { help: true };
  if (positionals.length !== 1 || !/^\d{4}-(0[1-9]|1[0-2])$/.test(positionals[0]))
    return { problem: 'name one month, such as 2026-10.' };
  return { month: positionals[0], closedBy: values.by ?? userInfo().username, again: values.again ?? false };
}

/** The sentences that dbt logged, without its times and frame. */
function sentencesOf(output) {
  const lines = output.split('\n').map((line) => line.replace(/^\d\d:\d\d:\d\d +/, '').trim());
  return lines.filter((line) =>
    /^(Closed |\d+ documents of the month|The month |Nothing has been published)/.test(line),
  );
}

await main(async () => {
  const { help, problem, month, closedBy, again } = readArguments(process.argv.slice(2));
  if (help) return void process.stdout.write(USAGE);
  if (problem) {
    process.stderr.write(`close-month: ${problem} ${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
  const target = process.env['DBT_TARGET'] || 'local';
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
