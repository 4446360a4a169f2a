import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalSevdesk, LocalSevdeskOptions, WireRecord } from '../../../test/support/local-sevdesk.js';
import { startLocalSevdesk as startServer } from '../../../test/support/local-sevdesk.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'local-sevdesk-'));
});
/** Whatever a test leaves running when it fails. */
const servers: LocalSevdesk[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
  rmSync(folder, { recursive: true });
});

async function startLocalSevdesk(options: LocalSevdeskOptions): Promise<LocalSevdesk> {
  const server = await startServer(options);
  servers.push(server);
  return server;
}

const start = (...args: string[]): Promise<LocalSevdesk> =>
  startLocalSevdesk({ invoices: 200, args: ['--data', folder, ...args] });

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { timeout: 60_000, env: {} }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

it('has the edits of before when it is started again with the same folder, even after a kill', async () => {
  const before = await start();
  const [first, second] = await before.dump('Invoice');
  await before.edit(
    { op: 'update', model: 'Invoice', id: String(first!['id']), fields: { header: 'Neu — "ü"\n' } },
    { op: 'delete', model: 'Invoice', id: String(second!['id']) },
  );
  const [inserted] = await before.edit({ op: 'insert', model: 'Invoice' });
  const [invoices, positions] = [await before.dump('Invoice'), await before.dump('InvoicePos')];
  await before.kill();
  const after = await start();
  expect(await after.dump('Invoice')).toEqual(invoices);
  expect(await after.dump('InvoicePos')).toEqual(positions);
  const [next] = await after.edit({ op: 'insert', model: 'Invoice' });
  expect(Number(next)).toBe(Number(inserted) + 1);
  await after.stop();
});

it('goes on writing new invoices where it stopped', async () => {
  const twin = await startLocalSevdesk({ invoices: 200 });
  await twin.edit({ op: 'insert', model: 'Invoice' }, { op: 'insert', model: 'Invoice' });
  const what = (invoices: WireRecord[]): unknown =>
    invoices.slice(200).map(({ id, contact, sumGross, address }) => ({ id, contact, sumGross, address }));
  for (let turn = 0; turn < 2; turn += 1) {
    const server = await start();
    await server.edit({ op: 'insert', model: 'Invoice' });
    if (turn === 1) expect(what(await server.dump('Invoice'))).toEqual(what(await twin.dump('Invoice')));
    await server.stop();
  }
  await twin.stop();
});

it('starts with a journal whose last line was cut off', async () => {
  const before = await start();
  await before.edit({ op: 'insert', model: 'Invoice' });
  const invoices = await before.dump('Invoice');
  await before.kill();
  appendFileSync(path.join(folder, 'edits.jsonl'), '{"op":"put","model":"Inv');
  const after = await start();
  expect(await after.dump('Invoice')).toEqual(invoices);
  expect(await after.stop()).toBe(0);
});

it('works a while at each start but the first: the same invoices every time, in time for the next sync', async () => {
  const rounds: { ids: unknown[]; amounts: unknown[] }[] = [];
  for (const round of ['one', 'two']) {
    const data = path.join(folder, round);
    const args = ['--data', data, '--activity', '7'];
    const first = await startLocalSevdesk({ invoices: 200, args });
    const untouched = await first.dump('Invoice');
    await first.stop();
    const stopped = Math.floor(Date.now() / 1000);
    const second = await startLocalSevdesk({ invoices: 200, args });
    const moved = (await second.dump('Invoice')).filter(
      (invoice) => !untouched.some((before) => JSON.stringify(before) === JSON.stringify(invoice)),
    );
    await second.stop();
    const times = moved.map(({ update }) => Date.parse(String(update)) / 1000);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(stopped - 1);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now() / 1000);
    rounds.push({
      ids: moved.map(({ id }) => id),
      amounts: moved.map(({ sumGross, invoiceDate, addressCity, status }) => [
        sumGross,
        invoiceDate,
        addressCity,
        status,
      ]),
    });
  }
  expect(rounds[0]!.ids).toHaveLength(7);
  expect(rounds[1]).toEqual(rounds[0]);
});

it('works overnight when asked: at the first start of a day, and at no other', async () => {
  const moved: number[] = [];
  let before: unknown[] = [];
  for (const now of ['2026-11-02T09:00:00', '2026-11-02T17:00:00', '2026-11-03T08:00:00', '2026-11-03T08:05:00']) {
    const args = ['--data', folder, '--daily-activity', '7', '--today', '2026-10-30', '--now', `${now}+01:00`];
    const server = await startLocalSevdesk({ invoices: 200, args });
    const invoices = await server.dump('Invoice');
    const known = new Set(before.map((invoice) => JSON.stringify(invoice)));
    moved.push(invoices.filter((invoice) => !known.has(JSON.stringify(invoice))).length);
    before = invoices;
    await server.stop();
  }
  expect(moved).toEqual([200, 0, 7, 0]);
});

it('refuses a folder that holds the edits of another company', async () => {
  await (await start()).stop();
  const { code, stdout, stderr } = await run('--data', folder, '--invoices', '201', '--port', '0');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /^local sevDesk: .*edits\.jsonl holds the edits of a company made with --seed 1 --invoices 200; .*\n$/,
  );
});

it('serves recorded answers from a folder', async () => {
  writeFileSync(
    path.join(folder, 'Invoice.a.json'),
    JSON.stringify({
      objects: [
        {
          id: '7',
          objectName: 'Invoice',
          create: '2026-01-01T00:00:00+01:00',
          update: '2026-01-01T00:00:00+01:00',
          own: [1.5],
        },
      ],
    }),
  );
  writeFileSync(
    path.join(folder, 'Invoice.b.json'),
    JSON.stringify({
      objects: [
        { id: '8', objectName: 'Invoice', create: '2026-02-01T00:00:00+01:00', update: '2026-02-01T00:00:00+01:00' },
      ],
    }),
  );
  const server = await startLocalSevdesk({ args: ['--fixtures', folder] });
  expect((await server.get('/Invoice?countAll=true&updateAfter=1768000000')).body).toMatchObject({
    total: '1',
    objects: [{ id: '8' }],
  });
  expect((await server.get('/Invoice/7')).body).toMatchObject({ objects: [{ own: [1.5] }] });
  expect((await server.get('/Contact')).body).toEqual({ objects: [] });
  expect((await server.get('/StaticCountry/1')).body).toMatchObject({ objects: [{ code: 'de' }] });
  await server.stop();
});

it('ends with 0 when it is asked to, also while a client waits', async () => {
  const server = await startLocalSevdesk({ invoices: 10 });
  await server.fail({ kind: 'hang' });
  const waiting = server.get('/Invoice').catch(() => 'broken off');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await server.stop()).toBe(0);
  expect(await waiting).toBe('broken off');
});

it('says that its port is taken, and what moves it', async () => {
  const server = await startLocalSevdesk({ invoices: 10 });
  const { port } = new URL(server.url);
  const { code, stderr } = await run('--port', port);
  await server.stop();
  expect([code, stderr]).toEqual([
    2,
    `local sevDesk: port ${port}: another program listens on it; choose another with --port or LOCAL_SEVDESK_PORT, or 0 for a free one\n`,
  ]);
});

it('refuses a journal that is damaged in its middle, by file and line', async () => {
  await (await start()).stop();
  appendFileSync(path.join(folder, 'edits.jsonl'), 'not JSON\n');
  const { code, stderr } = await run('--data', folder, '--invoices', '200', '--port', '0');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^local sevDesk: .*edits\.jsonl is damaged at line 3; delete it, .*\n$/);
});

it.each<[which: string, data: () => string]>([
  ['that is a file', () => path.join(folder, 'file')],
  ['below a file', () => path.join(folder, 'file', 'x')],
  ['whose journal is a folder', () => path.join(folder, 'odd')],
  ...(existsSync('/proc/self')
    ? ([['where the system makes none', () => '/proc/none/of/these']] as [string, () => string][])
    : []),
])('refuses a data folder %s in one line, with exit code 2', async (_which, data) => {
  writeFileSync(path.join(folder, 'file'), '');
  mkdirSync(path.join(folder, 'odd', 'edits.jsonl'), { recursive: true });
  const { code, stdout, stderr } = await run('--data', data(), '--port', '0');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^local sevDesk: --data must be a folder that can be written to; it is ".*" \(E[A-Z]+\)\n$/);
});

it.each([
  [['--colour'], "Unknown option '--colour'; --help lists the options"],
  [['--fixtures', '/does/not/exist'], 'there is no file or folder /does/not/exist'],
  [['--data', ''], '--data must be a folder; it is empty'],
])('refuses %j in one line, with exit code 2', async (args, message) => {
  expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr: `local sevDesk: ${message}\n` });
});

it('tells its options', async () => {
  const { code, stdout } = await run('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('usage: npm run local:sevdesk');
});
