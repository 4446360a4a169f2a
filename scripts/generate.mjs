/**
 * `npm run generate [-- --check]`: writes what is told of the plugins' settings in other places from their JSON Schemas: meltano.yml, the
 * definitions for Meltano, the READMEs' tables and `.env.example`. With `--check` it writes nothing and exits with 1 when one is outdated.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as prettier from 'prettier';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { environmentExample, hubDefinition, meltanoProject, readmeTable } from './lib/generate/outputs.mjs';
import { describePlugins } from './lib/generate/plugins.mjs';
import { main } from './lib/main.mjs';
import { inRoot } from './lib/paths.mjs';

const USAGE = `usage: npm run generate [-- --check]

Writes what other files say of the plugins' settings, from the JSON Schemas: meltano.yml, Hub definitions, READMEs, .env.example.

  --check   write nothing; exit with 1 when a file is outdated
`;

const { check: checkOnly = false } = readArguments(USAGE, { check: { type: 'boolean' } }).values;

/** As Prettier wants it, where Prettier is asked at all. */
async function formatted(text, file) {
  const { ignored, inferredParser } = await prettier.getFileInfo(file, { ignorePath: inRoot('.prettierignore') });
  if (ignored || inferredParser === null) return text;
  return prettier.format(text, { ...(await prettier.resolveConfig(file)), filepath: file });
}

await main(async () => {
  await build();
  const plugins = await describePlugins();
  const outputs = [
    ...plugins.map(hubDefinition),
    meltanoProject(plugins),
    ...plugins.map(readmeTable),
    environmentExample(plugins),
  ];
  const outdated = [];
  for (const { path, text } of outputs) {
    const file = inRoot(path);
    const wanted = await formatted(text, file);
    if (readFileSync(file, 'utf8') === wanted) continue;
    outdated.push(path);
    if (!checkOnly) writeFileSync(file, wanted);
  }
  if (checkOnly && outdated.length > 0)
    throw new Error(`${outdated.join(', ')} do not say what the schemas of the settings say; run: npm run generate`);
  for (const path of outdated) process.stdout.write(`${path} was written anew\n`);
});
