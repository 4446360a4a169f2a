/**
 * `npm run bench [-- NAME…]`: measures speed and memory against peers, in one run each, and prints tables of figures and ratios.
 * Each `bench/<name>/run.mjs` is a benchmark of its own; without names all are run, one after the other.
 */
import { existsSync, readdirSync } from 'node:fs';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { EXIT_CONFIGURATION } from './lib/configuration-error.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const all = readdirSync(inRoot('bench')).filter((name) => existsSync(inRoot('bench', name, 'run.mjs')));

const USAGE = `usage: npm run bench [-- NAME…]

Measures speed and memory against peers, each benchmark in one run, and prints tables of figures and ratios. Without a name all are run:
${all.join(', ')}. The file bench/NAME/run.mjs says which environment variables change its sizes.

  --help       this text
`;

/** A benchmark has said which of its settings are wrong; no more is to be said. */
function passOnConfiguration(error) {
  if (error.code === EXIT_CONFIGURATION) process.exit(EXIT_CONFIGURATION);
  throw error;
}

await main(async () => {
  const { positionals: names } = readArguments(USAGE, {}, all);
  await ensureNodeModules();
  await build();
  for (const name of names.length > 0 ? names : all) {
    process.stdout.write(`\n## ${name}\n\n`);
    await run(process.execPath, [inRoot('bench', name, 'run.mjs')], { inherit: true }).catch(passOnConfiguration);
  }
});
