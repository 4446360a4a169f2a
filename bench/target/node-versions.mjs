/** What this target and the floor use on each version of Node that it runs on, with each compression that the version has. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { localDir } from '../../scripts/lib/paths.mjs';
import { run } from '../../scripts/lib/run.mjs';

const VERSIONS = ['20', '22', '24'];

/** The program of a version of Node, from the npm package `node`; this process's own if it is of that version. */
async function nodeOf(version) {
  if (process.version.startsWith(`v${version}.`)) return process.execPath;
  const folder = path.join(localDir, 'bench', `node-${version}`);
  mkdirSync(folder, { recursive: true });
  const npm = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `node@${version}`];
  await run('npm', npm);
  return path.join(folder, 'node_modules', 'node', 'bin', 'node');
}

/**
 * @param {object} options
 * @param {(input: string, node: string) => Promise<{ cpuSeconds: number, maxRssMegabytes: number }>} options.floorOf
 * @param {(input: string, settings: object, node: string) => Promise<{ cpuSeconds: number, maxRssMegabytes: number }>} options.target
 * @param {string} options.input
 * @param {number} options.records
 * @param {(text: string) => void} options.say
 */
export async function nodeVersions({ floorOf, target, input, records, say }) {
  say(`\n${records.toLocaleString('en')} records on each version of Node; whole processes, CPU of all threads:\n`);
  say('| Node | compression | floor CPU s | target CPU s | times the floor | peak RSS MB |');
  say('| --- | --- | ---: | ---: | ---: | ---: |');
  for (const version of VERSIONS) {
    const node = await nodeOf(version);
    const found = "[process.version.slice(1), 'createZstdCompress' in require('zlib')].join()";
    const stdout = await run(node, ['-p', found]);
    const [name, hasZstd] = stdout.trim().split(',');
    const floor = await floorOf(input, node);
    for (const compression of hasZstd === 'true' ? ['gzip', 'zstd'] : ['gzip']) {
      const used = await target(input, { compression }, node);
      const cells = [floor.cpuSeconds.toFixed(1), used.cpuSeconds.toFixed(1)];
      const ratio = (used.cpuSeconds / floor.cpuSeconds).toFixed(2);
      say(`| ${name} | ${compression} | ${cells.join(' | ')} | ${ratio} | ${used.maxRssMegabytes.toFixed(0)} |`);
    }
  }
}
