import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { startLocalEcb } from '../../../test/support/local-ecb.js';
import type { ServerProcess } from '../../../test/support/server-process.js';

const SHIPPED = readFileSync(new URL('../../../fixtures/ecb/eurofxref-hist.csv', import.meta.url), 'utf8');
const rows = SHIPPED.trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','));

let ecb: ServerProcess;
beforeAll(async () => {
  ecb = await startLocalEcb();
});
afterAll(() => ecb.stop());

const get = async (path: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(ecb.url + path);
  return { status: response.status, text: await response.text() };
};
const data = (query: string, key = 'D.USD+CHF.EUR.SP00.A') => get(`/service/data/EXR/${key}?format=csvdata&${query}`);
/** Currency, day and rate of each row of the data API's CSV. */
const observations = (text: string): string[] =>
  text
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) =>
      line
        .split(',')
        .filter((_, column) => column === 2 || column === 6 || column === 7)
        .join(' '),
    );

it('serves the whole history as CSV and zipped', async () => {
  expect((await get('/stats/eurofxref/eurofxref-hist.csv')).text).toBe(SHIPPED);
  const zip = Buffer.from(await (await fetch(`${ecb.url}/stats/eurofxref/eurofxref-hist.zip`)).arrayBuffer());
  const [nameLength, packedLength] = [zip.readUInt16LE(26), zip.readUInt32LE(18)];
  expect(zip.subarray(30, 30 + nameLength).toString()).toBe('eurofxref-hist.csv');
  expect(inflateRawSync(zip.subarray(30 + nameLength, 30 + nameLength + packedLength)).toString()).toBe(SHIPPED);
});

it.each([
  ['eurofxref-hist.xml', rows.length],
  [
    'eurofxref-hist-90d.xml',
    rows.filter(([date]) => Date.parse('2026-10-30') - Date.parse(date!) < 90 * 86_400_000).length,
  ],
  ['eurofxref-daily.xml', 1],
])('serves %s with %d days, newest first', async (file, count) => {
  const { text } = await get(`/stats/eurofxref/${file}`);
  const days = [...text.matchAll(/<Cube time=["']([\d-]+)["']>/g)].map((match) => match[1]);
  expect(days).toEqual(rows.slice(0, count).map(([date]) => date));
  expect(/<Cube currency=["']USD["'] rate=["']([\d.]+)["']\/>/.exec(text)?.[1]).toBe(rows[0]![1]);
});

it('serves the last day as the ECB writes its small CSV', async () => {
  const currencies = SHIPPED.split('\n')[0]!.split(',').slice(1);
  const published = currencies
    .map((currency, at) => [currency, rows[0]![at + 1]])
    .filter(([, rate]) => Number(rate) > 0);
  expect(published.length).toBe(29);
  expect((await get('/stats/eurofxref/eurofxref.csv')).text).toBe(
    `Date, ${published.map(([currency]) => currency).join(', ')}, \n30 October 2026, ${published.map(([, rate]) => rate).join(', ')}, \n`,
  );
});

it('answers the data API by currency and day, oldest first', async () => {
  const { status, text } = await data('startPeriod=2026-10-29&endPeriod=2026-10-31');
  expect(status).toBe(200);
  expect(text.split('\r\n')[0]).toMatch(
    /^KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,/,
  );
  expect(observations(text)).toEqual([
    'CHF 2026-10-29 0.9222',
    'CHF 2026-10-30 0.9194',
    'USD 2026-10-29 1.113',
    'USD 2026-10-30 1.1172',
  ]);
});

it('takes months and years as periods, and every currency where none is named', async () => {
  const { text } = await data('startPeriod=2026-09&endPeriod=2026-09', 'D..EUR.SP00.A');
  const expected = rows
    .filter(([date]) => date!.startsWith('2026-09'))
    .flatMap(([, ...rates]) => rates.filter((rate) => Number(rate) > 0)).length;
  expect(observations(text)).toHaveLength(expected);
});

it('gives what appeared after a moment', async () => {
  expect(observations((await data('updatedAfter=2026-10-29T17:00:00%2B01:00', 'D.USD.EUR.SP00.A')).text)).toEqual([
    'USD 2026-10-30 1.1172',
  ]);
});

it.each([
  ['nothing new', 'updatedAfter=2026-11-01T00:00:00Z', undefined, 404],
  ['an unknown currency', '', 'D.XXX.EUR.SP00.A', 404],
  ['a date that is none', 'startPeriod=yesterday', undefined, 400],
])('has no rows for %s', async (_, query, key, status) => {
  expect((await data(query, key)).status).toBe(status);
});

it('is what the shipped rates say on a weekend: nothing', async () => {
  expect((await data('startPeriod=2026-10-24&endPeriod=2026-10-25')).status).toBe(404);
});

it('repeats the last rates on the weekdays up to a day', async () => {
  const later = await startLocalEcb({ until: '2026-11-09' });
  try {
    const text = await (await fetch(`${later.url}/stats/eurofxref/eurofxref-hist.csv`)).text();
    const lines = text.split('\n');
    const carried = ['2026-11-09', '2026-11-06', '2026-11-05', '2026-11-04', '2026-11-03', '2026-11-02'];
    expect(lines.slice(1, 7)).toEqual(carried.map((day) => [day, ...rows[0]!.slice(1)].join(',')));
    expect(lines.slice(7).join('\n')).toBe(SHIPPED.split('\n').slice(1).join('\n'));
  } finally {
    await later.stop();
  }
});

it('stops with 0, and refuses a wrong command line in one line', async () => {
  const other = await startLocalEcb();
  expect(await other.stop()).toBe(0);
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const run = (...args: string[]) =>
    new Promise((resolve) =>
      execFile(process.execPath, [main, ...args], (error, stdout, stderr) => resolve([error?.code, stdout, stderr])),
    );
  expect(await run('--port', 'x')).toEqual([
    2,
    '',
    'local ECB: --port must be a whole number from 0 to 65535, not "x"\n',
  ]);
  expect(await run('--rates', '/does/not/exist')).toEqual([2, '', 'local ECB: there is no file /does/not/exist\n']);
  expect(await run('--rates', `${main}/x`)).toEqual([2, '', `local ECB: there is no file ${main}/x\n`]);
  const taken = await startLocalEcb();
  const { port } = new URL(taken.url);
  expect(await run('--port', port)).toEqual([
    2,
    '',
    `local ECB: port ${port}: another program listens on it; choose another with --port or LOCAL_ECB_PORT, or 0 for a free one\n`,
  ]);
  await taken.stop();
});
