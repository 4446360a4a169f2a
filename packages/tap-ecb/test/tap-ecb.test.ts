import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalEcb } from '../../../test/support/local-ecb.js';
import type { ServerProcess } from '../../../test/support/server-process.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const RATES = path.join(ROOT, 'fixtures/ecb/eurofxref-hist.csv');

interface Message {
  type: string;
  record?: { currency: string; rate_date: string; rate: string };
  value?: unknown;
}

/** What a test reads from a run of the tap. */
interface Run {
  code: number;
  records: NonNullable<Message['record']>[];
  state: string | undefined;
  stderr: string;
}

interface Bookmark {
  replication_key_value?: string;
  window_end: string;
  sync: { run: number };
}

const bookmarkOf = (state: string): Bookmark =>
  (JSON.parse(state) as { bookmarks: { exchange_rates: Bookmark } }).bookmarks.exchange_rates;

let folder: string;
let ecb: ServerProcess | undefined;
let front: Server;
let url: string;
/** The files that were asked for, and what is answered instead of the ECB's answer. */
const asked: string[] = [];
let instead: ((file: string) => { status: number; body: string } | undefined) | undefined;

/** Starts the local ECB with the days up to one date, as if today were that day. */
async function publishUntil(date: string): Promise<void> {
  const [header = '', ...days] = (await readFile(RATES, 'utf8')).trim().split('\n');
  const file = path.join(folder, 'rates.csv');
  await writeFile(file, [header, ...days.filter((line) => line.slice(0, 10) <= date), ''].join('\n'));
  await ecb?.stop();
  ecb = await startLocalEcb({ rates: file });
}

async function runTap(config: Record<string, unknown> = {}, state?: string): Promise<Run> {
  const configFile = path.join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify({ api_url: url, max_retries: 0, ...config }));
  const args = ['--config', configFile];
  if (state !== undefined) {
    await writeFile(path.join(folder, 'state.json'), state);
    args.push('--state', path.join(folder, 'state.json'));
  }
  asked.length = 0;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(ROOT, 'packages/tap-ecb/bin/tap-ecb.js'), ...args],
      { maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        const messages = stdout
          .trim()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Message);
        const states = messages.filter((message) => message.type === 'STATE');
        resolve({
          code: error === null ? 0 : Number(error.code),
          records: messages.flatMap(({ record }) => record ?? []),
          state: states.length === 0 ? undefined : JSON.stringify(states.at(-1)?.value),
          stderr,
        });
      },
    );
  });
}

/** The published file's rates as `date currency rate`, by splitting it. */
async function published(): Promise<string[]> {
  const [header = '', ...days] = (await readFile(RATES, 'utf8')).trim().split('\n');
  const currencies = header.split(',').slice(1);
  return days.flatMap((line) => {
    const [date = '', ...rates] = line.split(',');
    return rates.flatMap((rate, index) =>
      rate === '' || rate === 'N/A' ? [] : [`${date} ${currencies[index] ?? ''} ${rate}`],
    );
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tap-ecb-'));
  await publishUntil('2026-10-30');
  front = createServer((request, response) => {
    const file = path.basename(request.url ?? '');
    asked.push(file);
    const answer = instead?.(file);
    if (answer) {
      response.writeHead(answer.status).end(answer.body);
      return;
    }
    void fetch((ecb?.url ?? '') + (request.url ?? '')).then(async (got) => {
      response.writeHead(got.status).end(Buffer.from(await got.arrayBuffer()));
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
});

afterEach(() => (instead = undefined));

afterAll(async () => {
  front.closeAllConnections();
  front.close();
  await ecb?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('tap-ecb', () => {
  it('reads the whole history first, every rate as it was published, and nothing again while no new day is out', async () => {
    const first = await runTap();
    expect(first.code).toBe(0);
    const got = first.records.map(({ rate_date, currency, rate }) => `${rate_date} ${currency} ${rate}`);
    expect(got.sort()).toEqual((await published()).sort());
    expect(asked).toEqual(['eurofxref-hist.zip']);

    // A window ends at a whole second: the next one is later only once that second is over.
    while (Date.now() < Date.parse(bookmarkOf(first.state ?? '').window_end) + 1000) await sleep(50);
    const second = await runTap({}, first.state);
    expect(second.records).toEqual([]);
    expect(asked).toEqual(['eurofxref-daily.xml']);
    const [before, after] = [first, second].map(({ state = '' }) => bookmarkOf(state));
    expect(after).toMatchObject({ replication_key_value: '2026-10-30', sync: { from: before!.sync.run } });
    expect(after!.window_end > before!.window_end).toBe(true);
  });

  it('reads new days, and a week before them for corrections, from the 90-day file', async () => {
    await publishUntil('2026-10-20');
    const first = await runTap();
    await publishUntil('2026-10-30');
    const second = await runTap({}, first.state);
    expect(asked).toEqual(['eurofxref-daily.xml', 'eurofxref-hist-90d.xml']);
    const dates = [...new Set(second.records.map(({ rate_date }) => rate_date))];
    expect(dates).toEqual([...dates].sort());
    expect([dates[0], dates.at(-1)]).toEqual(['2026-10-13', '2026-10-30']);
    const known = new Map((await published()).map((line) => [line.slice(0, 14), Number(line.slice(15))]));
    for (const { rate_date, currency, rate } of second.records)
      expect([rate_date, currency, Number(rate)]).toEqual([rate_date, currency, known.get(`${rate_date} ${currency}`)]);
  });

  it('goes back to the history when the last run is longer ago than the 90-day file reaches', async () => {
    await publishUntil('2026-05-29');
    const first = await runTap();
    await publishUntil('2026-10-30');
    const second = await runTap({}, first.state);
    expect(asked).toEqual(['eurofxref-daily.xml', 'eurofxref-hist.zip']);
    const dates = second.records.map(({ rate_date }) => rate_date);
    expect([dates[0], dates.at(-1)]).toEqual(['2026-05-22', '2026-10-30']);
  });

  it('extracts only the currencies and days that are asked for', async () => {
    const { records } = await runTap({ currencies: ['USD', 'CHF'], start_date: '2026-10-29' });
    expect(records).toEqual([
      { currency: 'USD', rate_date: '2026-10-29', rate: '1.113' },
      { currency: 'CHF', rate_date: '2026-10-29', rate: '0.9222' },
      { currency: 'USD', rate_date: '2026-10-30', rate: '1.1172' },
      { currency: 'CHF', rate_date: '2026-10-30', rate: '0.9194' },
    ]);
  });

  it.each([
    ['a maintenance page', { status: 200, body: '<html><body>Back soon</body></html>' }, /not a readable zip file/],
    ['a server error', { status: 503, body: 'busy' }, /HTTP 503/],
    ['a missing file', { status: 404, body: 'gone' }, /HTTP 404/],
  ])('fails on %s instead of taking it for no rates', async (_, answer, message) => {
    instead = () => answer;
    const { code, records, state, stderr } = await runTap();
    expect({ code, records }).toEqual({ code: 1, records: [] });
    expect(state).not.toContain('replication_key_value');
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('does not move its bookmark when the daily file is broken', async () => {
    const { state } = await runTap({ start_date: '2026-10-01' });
    instead = () => ({
      status: 200,
      body: '<Envelope><Cube><Cube time="2026-11-02"><Cube currency="USD" rate="n/a"/>',
    });
    const broken = await runTap({}, state);
    expect(broken.code).toBe(1);
    expect(bookmarkOf(broken.state ?? '').replication_key_value).toBe(bookmarkOf(state ?? '').replication_key_value);
    expect(broken.stderr).toMatch(/the rate of USD on 2026-11-02 is "n\/a"/);
  });

  it.each([
    [{ start_date: 'yesterday' }, /start_date.*TAP_ECB_START_DATE.*date such as 2023-01-01/],
    [{ currency: ['USD'] }, /currency/],
  ])('refuses the settings %j with one line that names them', async (config, message) => {
    const { code, stderr } = await runTap(config);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(message);
  });

  it('names the address and its setting when nothing answers there', async () => {
    const { code, stderr } = await runTap({ api_url: 'http://127.0.0.1:9' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/nothing answers at 127\.0\.0\.1:9.*"api_url" \(environment variable TAP_ECB_API_URL\)/);
  });
});
