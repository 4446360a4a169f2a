/** `node scripts/release/name-repository.mjs PACKAGE ADDRESS`: writes into package.json which repository a package comes from. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [folder, address] = process.argv.slice(2);
const file = path.join(folder, 'package.json');
const manifest = JSON.parse(readFileSync(file, 'utf8'));
const repository = { type: 'git', url: `git+${address}.git`, directory: folder };
writeFileSync(file, `${JSON.stringify({ ...manifest, repository }, null, 2)}\n`);
