/** `node scripts/ci/licences.mjs`: fails when a package that users get has a licence that does not go with MIT. */
import { readFileSync } from 'node:fs';
import satisfies from 'spdx-satisfies';
import { main } from '../lib/main.mjs';
import { inRoot } from '../lib/paths.mjs';

const ALLOWED = [
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'Python-2.0',
  'CC0-1.0',
];

/** Packages whose licence npm does not know, read by a person. */
const READ_BY_HAND = { 'simple-lru-cache@0.0.2': 'MIT' }; // a `licenses` list, as package.json had it in 2013

function goes(licence) {
  try {
    return satisfies(licence, ALLOWED);
  } catch {
    return false; // not an SPDX expression: a person has to read it
  }
}

await main(async () => {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const shipped = Object.entries(packages).filter(
    ([where, { dev, link }]) => where.includes('node_modules/') && !dev && !link,
  );
  const licenceOf = (where, { license, version }) =>
    license ?? READ_BY_HAND[`${where.split('node_modules/').pop()}@${version}`];
  const bad = shipped.filter(([where, entry]) => !goes(licenceOf(where, entry) ?? ''));
  for (const [where, { license }] of bad) process.stderr.write(`${where}: ${license ?? 'no licence named'}\n`);
  if (bad.length > 0) throw new Error(`${bad.length} of ${shipped.length} packages have a licence that is not allowed`);
  process.stdout.write(`${shipped.length} packages, every licence goes with MIT\n`);
});
