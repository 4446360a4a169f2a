/**
 * `npm run pack [-- --into DIR] [--json]`: builds the packages and packs each as `npm publish` would send it, into `packs/` or another
 * folder; prints how to install them. With `--json` prints what is in each instead.
 */
import path from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { refuseSettings } from './lib/configuration-error.mjs';
import { folderProblem } from './lib/folder-problem.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { publishedPackages } from './release/published-packages.mjs';

const USAGE = `usage: npm run pack [-- --into DIR] [--json]

Builds the packages and packs each as npm would publish it.

  --into DIR   where the tarballs go                                        [default: packs]
  --json       print what is in each tarball instead of how to install them
  --help       this text
`;

await main(async () => {
  const { values } = readArguments(USAGE, { into: { type: 'string' }, json: { type: 'boolean' } });
  const into = path.resolve(values.into ?? inRoot('packs'));
  refuseSettings([folderProblem('--into', into)]);
  await ensureNodeModules();
  await build();
  const packed = [];
  // One after the other: packing writes files into the package's folder for a moment.
  for (const { name, folder } of publishedPackages()) {
    const args = ['pack', '--json', '--silent', '--pack-destination', into, '--workspace', folder];
    const output = await run('npm', args);
    const parsed = JSON.parse(output.slice(output.search(/^[[{]/m)));
    const [entry] = Array.isArray(parsed) ? parsed : Object.values(parsed);
    packed.push({
      name,
      folder: path.basename(folder),
      tarball: path.join(into, entry.filename),
      files: entry.files.map((file) => file.path).sort(),
    });
  }
  if (values.json) {
    process.stdout.write(`${JSON.stringify(packed)}\n`);
    return;
  }
  for (const { name, tarball } of packed) process.stdout.write(`${name}  ${tarball}\n`);
  process.stdout.write(`\nInstall them in your project: npm install ${path.join(into, '*.tgz')}\n`);
});
