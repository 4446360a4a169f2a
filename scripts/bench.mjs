/**
 * `npm run bench [-- NAME…]`: measures speed and memory against peers, in one run each, and prints tables of figures and ratios.
 * Each `bench/<name>/run.mjs` is a benchmark of its own; without names all are run, one after the other.
 */
import { existsSync, readdirSync } from 'node:fs';
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

await main(async () => {
  const all = readdirSync(inRoot('bench')).filter((name) => existsSync(inRoot('bench', name, 'run.mjs')));
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown) throw new Error(`there is no benchmark "${unknown}"; there are ${all.join(', ')}`);
  await ensureNodeModules();
  await build();
  for (const name of names.length > 0 ? names : all) {
    process.stdout.write(`\n## ${name}\n\n`);
    await run(process.execPath, [inRoot('bench', name, 'run.mjs')], { inherit: true });
  }
});
