/**
 * What an hour costs: requests to sevDesk, sign-ins and statements in Snowflake, at three sizes, and a whole day in fast motion: 24 hourly
 * ticks on a clock of its own, in three of which something changed. Everything is the real pipeline on the embedded servers.
 *   npm run bench -- platform          environment: BENCH_SIZES (invoices, default 500,5000,20000), BENCH_HOURS (default 24)
 */
import { readBenchSettings } from '../../scripts/lib/bench-settings.mjs';
import { endOnSignals } from '../../scripts/lib/processes.mjs';
import { ensurePythonEnv } from '../../scripts/lib/python-env.mjs';
import { IDLE_LIMIT, withPlayer } from './player.mjs';

const { BENCH_SIZES: SIZES, BENCH_HOURS: HOURS } = readBenchSettings({
  BENCH_SIZES: [500, 5000, 20_000],
  BENCH_HOURS: 24,
});
/** The hours of the day in which something changes. */
const BUSY = new Set([2, 9, 15]);
const CHANGES = 3;

const say = (line) => process.stdout.write(`${line}\n`);
const row = (title, { calls, signIns, statements, statementSeconds, models }) =>
  say(`| ${title} | ${calls} | ${signIns} | ${statements} | ${statementSeconds.toFixed(1)} | ${models} |`);

/** Costs above the limit end the benchmark with exit code 1. */
function checkIdle(title, cost) {
  for (const [name, limit] of Object.entries(IDLE_LIMIT)) {
    if (cost[name] <= limit) continue;
    process.stderr.write(`${title}: ${cost[name]} ${name} in an hour in which nothing changed; ${limit} are allowed\n`);
    process.exitCode = 1;
  }
}

endOnSignals();
for (const name of ['orchestration', 'meltano', 'local-snowflake']) await ensurePythonEnv(name);
say('| invoices, hour | sevDesk requests | sign-ins | statements | statement seconds | models built |');
say('| --- | --- | --- | --- | --- | --- |');
for (const invoices of SIZES) {
  await withPlayer({ invoices }, async (player) => {
    row(`${invoices}, first`, await player.hour());
    const idle = await player.hour();
    row(`${invoices}, nothing changed`, idle);
    checkIdle(`${invoices} invoices`, idle);
    await player.change(CHANGES);
    row(`${invoices}, ${CHANGES} invoices changed`, await player.hour());
  });
}

say(`\nA day of ${HOURS} hours, ${SIZES[0]} invoices, ${CHANGES} changes in each of ${BUSY.size} of them:\n`);
await withPlayer({ invoices: SIZES[0] }, async (player) => {
  await player.hour();
  const day = { calls: 0, signIns: 0, statements: 0, statementSeconds: 0, models: 0 };
  for (let hour = 0; hour < HOURS; hour += 1) {
    if (BUSY.has(hour)) await player.change(CHANGES);
    const cost = await player.hour();
    for (const name of Object.keys(day)) day[name] += cost[name];
  }
  say('| | sevDesk requests | sign-ins | statements | statement seconds | models built |');
  say('| --- | --- | --- | --- | --- | --- |');
  row('the day', day);
});
