import { openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startProcess } from '../../scripts/lib/processes.mjs';

/** Runs a command to its end; resolves to what it used, its wall time and what it logged. */
export async function measure(folder, command, args, { stdin, env = {} } = {}) {
  const usageFile = path.join(folder, 'usage.json');
  const began = performance.now();
  const child = startProcess(command, args, {
    stdio: [stdin === undefined ? 'ignore' : openSync(stdin), 'ignore', 'pipe'],
    env: { ...process.env, ...env, BENCH_USAGE: usageFile },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${path.basename(args[0] ?? command)} ended with ${code}: ${log.slice(-2000)}`);
  return { ...JSON.parse(readFileSync(usageFile, 'utf8')), wallSeconds: (performance.now() - began) / 1000, log };
}
