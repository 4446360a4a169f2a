import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root, runCommand } from '../ci/run-tool.js';
import { processesWith } from '../support/processes-with.js';

const FREE = { LOCAL_SNOWFLAKE_PORT: '0', LOCAL_SEVDESK_PORT: '0', LOCAL_ECB_PORT: '0' };

describe('every command of the project', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  // Meltano and the local Snowflake tell of themselves, from an environment that may have to be installed first.
  const others = ['meltano', 'local:snowflake'];
  const commands = Object.entries(scripts).filter(([name]) => !others.includes(name));

  it.each(commands)('%s explains itself and does nothing else', async (_name, command) => {
    const script = command.replace(/^(?:exec )?node /, '');
    expect(await runCommand(process.execPath, [script, '--help'])).toMatch(/^(?:.*\n\n)?usage: npm (?:run )?[a-z]/i);
  });

  it.each([
    ['doctor', '--servces', '--services'],
    ['dashboard', '--locale', '--local'],
    ['start', '--quite', '--quiet'],
    ['close-month', '--agian', '--again'],
    ['test', 'contrat', 'contract'],
  ])('%s %s: names what was meant', async (script, given, meant) => {
    await expect(runCommand(process.execPath, [`scripts/${script}.mjs`, given])).rejects.toThrow(
      new RegExp(`ended with 2[\\s\\S]*${given}[\\s\\S]*did you mean "?${meant}`),
    );
  });
});

// `npm start` when something is in its way. What it does when nothing is stands in test/contract/main-job.test.ts.
describe('npm start', () => {
  const temp = mkdtempSync(path.join(tmpdir(), 'start-'));
  afterAll(() => rmSync(temp, { recursive: true, force: true }));
  const start = (env: NodeJS.ProcessEnv): Promise<string> =>
    runCommand(process.execPath, ['scripts/start.mjs'], { LOCAL_DIR: path.join(temp, 'ports'), ...FREE, ...env });

  it('names all variables that hold no port, or the same one, before anything starts', async () => {
    const printed = await start({
      LOCAL_SNOWFLAKE_PORT: 'abc',
      LOCAL_SEVDESK_PORT: '18999',
      LOCAL_ECB_PORT: '18999',
    }).catch((error: unknown) => String(error));
    expect(printed).toContain('ended with 2');
    expect(printed).toContain('LOCAL_SNOWFLAKE_PORT must be a port');
    expect(printed).toContain('LOCAL_SEVDESK_PORT and LOCAL_ECB_PORT are both 18999');
    expect(printed).not.toContain('Compile');
  });

  it('names every port that a stranger holds, and the variable that moves it, before anything starts', async () => {
    const talking = http.createServer((_, response) => response.writeHead(404).end('not here'));
    const silent = net.createServer();
    const ports = await Promise.all(
      [talking, silent].map(async (server) => {
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        return (server.address() as net.AddressInfo).port;
      }),
    );
    try {
      const failed = start({ LOCAL_SNOWFLAKE_PORT: String(ports[0]), LOCAL_ECB_PORT: String(ports[1]) });
      const printed = await failed.catch((error: unknown) => String(error));
      expect(printed).toContain('ended with 1');
      expect(printed).toMatch(new RegExp(`port ${ports[0]} is in use.*LOCAL_SNOWFLAKE_PORT`));
      expect(printed).toMatch(new RegExp(`port ${ports[1]} is in use.*LOCAL_ECB_PORT`));
      expect(printed).not.toContain('Compile');
    } finally {
      talking.close();
      silent.close();
    }
  });

  it('explains itself, and what it does not know', async () => {
    expect(await runCommand(process.execPath, ['scripts/start.mjs', '--help'])).toContain('usage: npm start');
    await expect(runCommand(process.execPath, ['scripts/start.mjs', '--moon'])).rejects.toThrow(
      /ended with 2[\s\S]*--moon/,
    );
  });

  it('fits its help and its ranking in every terminal, down to forty columns', async () => {
    const load = async <Module>(name: string): Promise<Module> =>
      (await import(path.join(root, 'scripts/lib', `${name}.mjs`))) as Module;
    const { wrapHelp } = await load<{ wrapHelp: (text: string, width: number) => string }>('wrap-help');
    const { renderRanking } = await load<{ renderRanking: (figures: object, terminal: object) => string }>('ranking');
    const help = await runCommand(process.execPath, ['scripts/start.mjs', '--help']);
    const countries = Array.from({ length: 36 }, (_, index) => ({
      RANK_BY_MEASURE: index + 1,
      COUNTRY_NAME_EN: `Country of a long name ${index + 1}`,
      REVENUE_AMOUNT_EUR: '12345678.9',
      INVOICE_COUNT: 1038,
      REVENUE_MEASURE: 'gross',
      DOCUMENTS_NOT_COUNTED: 0,
    }));
    for (let width = 40; width <= 200; width += 10) {
      const cities = countries.map((row) => ({ ...row, CITY: 'Freiburg im Breisgau', PLACE_COUNT: 63 }));
      const ranking = renderRanking({ countries, cities }, { width });
      expect(ranking).toContain('26 more: npm run dashboard');
      expect(ranking).toContain('12,345,678.90 €');
      const tooWide = [...wrapHelp(help, width).split('\n'), ...ranking.split('\n')].filter(
        (line) => line.length > width,
      );
      expect([width, tooWide]).toEqual([width, []]);
      expect(wrapHelp(help, width).replace(/\s+/g, ' ')).toBe(help.replace(/\s+/g, ' '));
    }
  });

  // What a process started is known by a variable in its environment, which Linux shows.
  (process.platform === 'linux' ? describe : describe.skip)('ended by a signal', () => {
    const startedWith = (mark: string): string[] => processesWith('START_TEST', mark);

    it.each([
      ['SIGINT', 130, 'while servers start', /Start the embedded/],
      ['SIGTERM', 143, 'right after the servers listen', /Embedded sevDesk on/],
      ['SIGINT', 130, 'while records are loaded', /Extract and load/],
    ] as const)(
      '%s exits with %i %s, and nothing is left',
      async (signal, code, when, line) => {
        const mark = `${process.pid}-${when}`;
        const child = spawn(process.execPath, ['scripts/start.mjs'], {
          cwd: root,
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, ...FREE, LOCAL_DIR: path.join(temp, when), START_TEST: mark },
        });
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
        const ended = once(child, 'close');
        for await (const printed of createInterface({ input: child.stdout })) if (line.test(printed)) break;
        child.stdout.resume();
        child.kill(signal);
        expect(await ended).toEqual([code, null]);
        expect(said).toContain(`${signal}: stopping`);
        expect(said).toContain('Stopped.');
        expect(startedWith(mark)).toEqual([]);
      },
      120_000,
    );

    it('ends what it started, too, when the reader of its output leaves', async () => {
      const mark = `${process.pid}-reader`;
      const child = spawn(process.execPath, ['scripts/start.mjs'], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...FREE, LOCAL_DIR: path.join(temp, 'reader'), START_TEST: mark },
      });
      child.stderr.resume();
      const ended = once(child, 'close');
      for await (const printed of createInterface({ input: child.stdout }))
        if (printed.includes('Start the embedded')) break;
      child.stdout.destroy();
      expect(await ended).toEqual([141, null]);
      expect(startedWith(mark)).toEqual([]);
    });
  });
});
