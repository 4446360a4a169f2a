/** `node scripts/release/packages.mjs`: prints the folders of the packages that are published, each after those that it depends on. */
import { publishedPackages } from './published-packages.mjs';

for (const { folder } of publishedPackages()) process.stdout.write(`${folder}\n`);
