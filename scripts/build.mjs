/** `npm run build`: installs what is missing and compiles all packages. */
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';

await main(async () => {
  await ensureNodeModules();
  await build();
});
