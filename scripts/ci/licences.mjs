/** `node scripts/ci/licences.mjs`: fails when a package that users get has a licence that does not go with MIT. */
import { readFileSync } from 'node:fs';
import satisfies from 'spdx-satisfies';
import { main } from '../lib/main.mjs';
import { inRoot } from '../lib/paths.mjs';

const ALLOWED = ['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'Python-2.0', 'CC0-1.0'];

function goes(licence) {
  try {
    return satisfies(licence, ALLOWED);
  } catch {
    return false; // not an SPDX expression: a person has to read it
  }
}

await main(async () => {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const shipped = Object.entries(packages).filter(([where, { dev, link }]) => where.includes('node_modules/') && !dev && !link);
  const bad = shipped.filter(([, { license }]) => !license || !goes(license));
  for (const [where, { license }] of bad) process.stderr.write(`${where}: ${license ?? 'no licence named'}\n`);
  if (bad.length > 0) throw new Error(`${bad.length} of ${shipped.length} packages have a licence that is not allowed`);
  process.stdout.write(`${shipped.length} packages, every licence goes with MIT\n`);
});
