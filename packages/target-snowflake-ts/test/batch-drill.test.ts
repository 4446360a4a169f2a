import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { FileTap } from './support/change-files.js';
import { useDrill } from './support/drill.js';
import { state } from './support/messages.js';
import type { Change } from './support/order-changes.js';
import { pumps, record, schema } from './support/pumps.js';
import { runTarget } from './support/run-target.js';
import { useSandbox } from './support/sandbox.js';
import { useWire, type Fault } from './support/wire.js';

// Files of BATCH messages, beside records, under the harm of the fault drill and with harm of their own.

const sandbox = useSandbox();
const wire = useWire(sandbox);
const drill = useDrill(sandbox, wire);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'batch-drill-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOST = { code: '390111' };
const WIRE: [string, string | undefined, Fault[]][] = [
  [
    'refused uploads, a MERGE and a COPY that are cancelled, and a lost session',
    undefined,
    [
      { what: 'upload', match: /./, nth: 2, answer: { status: 403 } },
      { match: /^COPY/, nth: 3, answer: { code: '000604' } },
      { match: /^MERGE/, answer: { code: '000604' } },
      { match: /^MERGE/, nth: 3, answer: LOST },
    ],
  ],
  [
    'answers that are lost after the work is done',
    undefined,
    [
      { match: /^COPY/, nth: 2, point: 'after', answer: 'nothing' },
      { match: /^MERGE/, nth: 2, point: 'after', answer: 'nothing' },
      { match: /^COMMIT/, nth: 2, point: 'after', answer: LOST },
    ],
  ],
  ['SIGKILL at COPY', 'SIGKILL', [{ match: /^COPY/, nth: 2, answer: 'nothing' }]],
  ['SIGKILL after COMMIT', 'SIGKILL', [{ match: /^COMMIT/, nth: 2, point: 'after', answer: 'nothing' }]],
];

describe('harm on the wire', () => {
  it.each(WIRE.map(([name, signal, faults], index) => [name, signal, faults, 80 + index] as const))(
    '%s: each row is in, each that does not fit is put aside, and no file is gone before its rows are in',
    async (_name, signal, faults, seed) => {
      const tap = new FileTap(folder, seed);
      const done = new Set<Fault>();
      const settings = {
        ...sandbox.fresh(),
        on_invalid_record: 'quarantine',
        batch_size_rows: 4,
        batch_config: { storage: { root: `file://${tap.root}` } },
        parallelism: seed % 2 === 0 ? 1 : 8,
      };
      // The column takes no number of nine digits.
      await sandbox.query(`CREATE SCHEMA ${sandbox.schema(settings)}`);
      await sandbox.query(`CREATE TABLE ${sandbox.table(settings, 'ORDERS')} ("ID" INT, "SEQ" NUMBER(38,30))`);
      const { config, outcome, expectHealed } = await drill.run({
        seed,
        settings,
        messages: tap.messages,
        faults: (kill) =>
          faults.map((fault) => ({
            ...fault,
            act: () => {
              done.add(fault);
              if (signal) kill('SIGKILL');
            },
          })),
      });
      expect([outcome.code, outcome.signal]).toEqual(signal ? [null, signal] : [0, null]);
      expect(done.size).toBe(faults.length);
      const { orders, log } = await drill.loaded(config);
      const isIn = (one: Change): boolean => orders.some(({ id, changed }) => id === one.id && changed >= one.changed);
      for (const file of tap.files.filter((one) => !existsSync(one.path))) {
        expect(file.isInRoot).toBe(true);
        expect(file.logged.filter((seq) => !log.includes(seq))).toEqual([]);
        expect(file.orders.filter((one) => !isIn(one))).toEqual([]);
      }
      const before = tap.files.length;
      await expectHealed();
      for (const { path: file, isInRoot } of tap.files.slice(before)) expect(existsSync(file)).toBe(!isInRoot);
      const aside = await sandbox.rows(config, '_SDC_QUARANTINE', '"LINE"');
      expect(new Set(aside.map((row) => row['RECORD']))).toEqual(new Set(tap.bad.values()));
      expect(aside.map((row) => row['REASON']).join() + outcome.stderr).not.toMatch(/hunter|123456789/);
    },
  );
});

it('a file that is cut off ends the run; what came before is in, no file is removed, and the same input loads once it is whole', async () => {
  const tap = new FileTap(folder, 1);
  const [good, bad] = ['good', 'bad'].map((one) => path.join(tap.root, `${one}.jsonl.gz`)) as [string, string];
  const rows = gzipSync(
    Array.from({ length: 5000 }, (_, id) => `{"id":${10 + id},"n":${(id * 7919) % 9973}}\n`).join(''),
  );
  writeFileSync(good, gzipSync('{"id":1,"n":1}\n{"id":2,"n":2}\n'));
  writeFileSync(bad, rows.subarray(0, rows.length - 100));
  const config = { ...sandbox.fresh(), batch_size_rows: 2, batch_config: { storage: { root: tap.root } } };
  const before = [
    schema({ n: { type: 'integer' } }),
    record({ id: 0, n: 0 }),
    state({ next: 1 }),
    record({ id: 9, n: 9 }),
  ];
  const input = [...before, pumps.batch([good, bad], 'gzip'), state({ next: 2 })];
  const { code, states, stderr } = await runTarget({ config, input });
  expect([code, states]).toEqual([1, [{ next: 1 }]]);
  expect(stderr.match(/ERROR.*/g)).toEqual([
    expect.stringContaining(
      `line 5: BATCH file ${bad} of stream "pumps" is not the gzip file that its encoding says it is`,
    ),
  ]);
  expect((await sandbox.rows(config, 'PUMPS', '"ID"')).map((row) => row['ID'])).toEqual(['0', '9']);
  expect([good, bad].filter((file) => !existsSync(file))).toEqual([]);
  writeFileSync(bad, rows);
  await sandbox.load(config, input);
  expect(await sandbox.rows(config, 'PUMPS')).toHaveLength(5004);
  expect([good, bad].filter((file) => existsSync(file))).toEqual([]);
});
