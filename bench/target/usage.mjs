/** Writes what this process has used to the file in `BENCH_USAGE`, as JSON. */
import { writeFileSync } from 'node:fs';

export function reportUsage(more = {}) {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, maxRssMegabytes: maxRSS / 1024, ...more };
  if (process.env.BENCH_USAGE) writeFileSync(process.env.BENCH_USAGE, JSON.stringify(usage));
  else process.stderr.write(`${JSON.stringify(usage)}\n`);
}
