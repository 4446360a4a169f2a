import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { root } from '../ci/run-tool.js';
import { processesWith } from '../support/processes-with.js';

const library = (name: string): string => pathToFileURL(path.join(root, 'scripts/lib', `${name}.mjs`)).href;

/** A script with a folder in which a program of another process group and without a parent runs, as services in a chroot do. */
const SCRIPT = `
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { main } from ${JSON.stringify(library('main'))};
import { afterStopping } from ${JSON.stringify(library('processes'))};
import { run } from ${JSON.stringify(library('run'))};
import { OWNING_FOLDER, endProcessesIn } from ${JSON.stringify(library('chroots'))};

await main(async () => {
  const folder = await mkdtemp(path.join(process.argv[2], 'made-'));
  afterStopping(async () => {
    await endProcessesIn(folder, { graceMs: 500 });
    await rm(folder, { recursive: true });
  });
  const ignoring = 'trap "" TERM; echo ready; while :; do sleep 1; done';
  const env = { ...process.env, [OWNING_FOLDER]: folder };
  await run('sh', ['-c', 'setsid sh -c \\'' + ignoring + '\\' & cd / && setsid sleep 1000 & sleep 1000'], {
    cwd: folder,
    env,
    onLine: (line) => process.stdout.write(line + '\\n'),
  });
});
`;

// What a process started is known by a variable in its environment, which Linux shows.
(process.platform === 'linux' ? describe : describe.skip)('a script that is interrupted', () => {
  const startedWith = (mark: string): string[] => processesWith('STOPPING_TEST', mark);

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends also what has left its process group, by force where it must, and exits with %i',
    async (signal, code) => {
      const temp = realpathSync(mkdtempSync(path.join(tmpdir(), 'stopping-')));
      const mark = `${process.pid}-${signal}`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, '-', temp], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, STOPPING_TEST: mark },
      });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const ended = once(child, 'close');
      for await (const line of createInterface({ input: child.stdout })) if (line === 'ready') break;
      child.stdout.resume();
      expect(startedWith(mark).length).toBeGreaterThan(2);
      child.kill(signal);
      expect(await ended).toEqual([code, null]);
      expect(said).toContain('Stopped. Everything that was started has ended.');
      expect(startedWith(mark)).toEqual([]);
      expect(readdirSync(temp)).toEqual([]);
      rmSync(temp, { recursive: true });
    },
  );

  it('twice ends the servers of certify, which waits for its schema after the first signal', async () => {
    const temp = realpathSync(mkdtempSync(path.join(tmpdir(), 'stopping-')));
    const mark = `${process.pid}-certify`;
    const child = spawn(process.execPath, ['scripts/certify.mjs'], {
      cwd: root,
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: temp, STOPPING_TEST: mark },
    });
    const ended = once(child, 'close');
    const servers = (): string[] =>
      startedWith(mark).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('certify-'));
    while (servers().length < 2 && child.exitCode === null) await setTimeout(50);
    child.kill('SIGTERM');
    child.kill('SIGINT');
    const [code] = (await ended) as [number | null];
    expect([130, 143]).toContain(code);
    expect(startedWith(mark)).toEqual([]);
    expect(readdirSync(temp).filter((name) => name.startsWith('certify-'))).toEqual([]);
    rmSync(temp, { recursive: true });
  });
});
