/** `npm run build`: installs what is missing and compiles all packages. */
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';

readArguments('usage: npm run build\n\nInstalls what is missing and compiles all packages.\n');

await main(async () => {
  await ensureNodeModules();
  await build();
});
