import { existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { lastState, useDrill } from './support/drill.js';
import { messagesOf, state } from './support/messages.js';
import { changesOf, messagesFrom, newestOrders, orders, random } from './support/order-changes.js';
import { runTarget } from './support/run-target.js';
import { useSandbox } from './support/sandbox.js';
import { useWire, type Fault } from './support/wire.js';

// After any harm and a rerun from the last STATE the tables equal the source; and no STATE leaves before its rows are in.

const sandbox = useSandbox();
const wire = useWire(sandbox);
const drill = useDrill(sandbox, wire);

const KILLED_AT: [string, Partial<Fault> & Pick<Fault, 'match'>][] = [
  ['the upload', { what: 'upload', match: /./ }],
  ['COPY', { match: /^COPY/ }],
  ['COPY, done', { match: /^COPY/, point: 'after' }],
  ['MERGE', { match: /^MERGE/ }],
  ['MERGE, done', { match: /^MERGE/, point: 'after' }],
  ['COMMIT', { match: /^COMMIT/ }],
  ['COMMIT, done', { match: /^COMMIT/, point: 'after' }],
  ['the step after COMMIT, before STATE', { match: /^REMOVE/ }],
  ['the making of a table', { match: /^CREATE TABLE/ }],
];

describe('SIGKILL', () => {
  it.each(KILLED_AT.map(([name, fault], index) => [name, fault, index + 1] as const))(
    'at %s',
    async (_name, fault, seed) => {
      // Which cut of the run it hits is part of the seed.
      const nth = fault.match.source.includes('CREATE')
        ? 1
        : fault.match.source.includes('REMOVE')
          ? 2
          : 1 + (seed % 3);
      const { outcome, expectHealed } = await drill.run({
        seed,
        faults: (kill) => [{ ...fault, nth, answer: 'nothing', act: () => kill('SIGKILL') }],
      });
      expect(outcome.signal).toBe('SIGKILL');
      // What it left on disk only its owner can read, and the next run removes.
      expect(drill.left().map((name) => (statSync(path.join(drill.spool, name)).mode & 0o777).toString(8))).toEqual([
        '700',
      ]);
      await expectHealed();
      expect(drill.left()).toEqual([]);
    },
  );
});

describe('a lost connection', () => {
  it.each(['COPY', 'MERGE', 'COMMIT'])('during %s is healed within the run', async (verb) => {
    const match = new RegExp(`^${verb}`);
    const { outcome, expectHealed } = await drill.run({
      seed: 20,
      faults: () => [
        { match, nth: 2, point: 'after', answer: 'nothing' },
        { match, nth: 2, times: 1, answer: 'nothing' },
      ],
    });
    expect(outcome.code).toBe(0);
    await expectHealed();
  });

  it('after a COMMIT whose answer never came is settled, not repeated', async () => {
    for (const load_ledger of [true, false]) {
      const { config, changes, outcome, expectHealed } = await drill.run({
        seed: 21,
        settings: { load_ledger },
        // The COMMIT is carried out; its answer is lost, and the session is gone when the driver asks again.
        faults: () => [{ match: /^COMMIT/, nth: 2, point: 'after', answer: { code: '390111' } }],
      });
      expect(outcome.code).toBe(0);
      expect(outcome.stderr).toContain('no answer to COMMIT');
      const { log } = await drill.loaded(config);
      expect(log).toEqual(changes.map(({ seq }) => seq));
      await expectHealed();
    }
  });

  it('while the target signs in, long before the first cut, is healed by that cut', async () => {
    const { outcome, expectHealed } = await drill.run({
      seed: 23,
      faults: () => [{ match: /^ALTER SESSION/, point: 'after', answer: { code: '390111' } }],
    });
    expect([outcome.code, outcome.stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
    await expectHealed();
  });

  it('whose COMMIT never arrived is done anew, in a new session', async () => {
    const { config, changes, outcome } = await drill.run({
      seed: 22,
      faults: () => [{ match: /^COMMIT/, nth: 1, answer: { code: '390111' } }],
    });
    expect(outcome.code).toBe(0);
    const { log } = await drill.loaded(config);
    expect(log).toEqual(changes.map(({ seq }) => seq));
  });
});

describe('statements that fail', () => {
  it.each<[string, Fault]>([
    ['a lock that another run holds', { match: /^MERGE/, times: 2, answer: { code: '000625' } }],
    ['a cancelled MERGE', { match: /^MERGE/, nth: 2, answer: { code: '000604' } }],
    ['a refused upload', { what: 'upload', match: /./, nth: 2, answer: { status: 403 } }],
    ['a cancelled COPY', { match: /^COPY/, nth: 3, answer: { code: '000604' } }],
  ])('%s is tried again', async (_name, fault) => {
    const { config, changes, outcome, expectHealed } = await drill.run({ seed: 30, faults: () => [fault] });
    expect(outcome.code).toBe(0);
    const { log } = await drill.loaded(config);
    expect(log).toEqual(changes.map(({ seq }) => seq));
    await expectHealed();
  });

  it('files that vanish from the stage are uploaded again: COPY never takes none for all', async () => {
    const stages = path.join(sandbox.server.dataDir, 'stages');
    const { outcome, expectHealed } = await drill.run({
      seed: 33,
      faults: () => [
        { match: /^COPY/, nth: 2, answer: 'true', act: () => rmSync(stages, { recursive: true, force: true }) },
      ],
    });
    expect(outcome.code).toBe(0);
    await expectHealed();
  });

  it('a stage that the role may not make: the own stage of the user serves', async () => {
    const { outcome, expectHealed } = await drill.run({
      seed: 34,
      faults: () => [{ match: /^CREATE TEMPORARY STAGE/, answer: { code: '003001' } }],
    });
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain("using the user's own");
    expect(wire.seen.some((sql) => sql.startsWith('PUT') && sql.includes("'@~/target-snowflake-ts/"))).toBe(true);
    await expectHealed();
  });

  it('a column that another process took away is planned anew', async () => {
    const { outcome, expectHealed } = await drill.run({
      seed: 35,
      faults: () => [{ match: /^MERGE/, nth: 2, answer: { code: '000904' } }],
    });
    expect(outcome.code).toBe(0);
    await expectHealed();
  });

  it.each([
    // Where streams share a COPY, each is copied on its own to find the value; otherwise nothing is tried again.
    ['a COPY that streams share and then their own', { times: 99 }, {}],
    ['a COPY of a stream on its own', { nth: 5 }, { shared_copy_max_bytes: 0 }],
  ])('%s, refused by Snowflake, ends the run; earlier cuts stand', async (_, when, settings) => {
    const { outcome, expectHealed } = await drill.run({
      seed: 31,
      settings,
      faults: () => [
        {
          match: /^COPY/,
          nth: 3,
          ...when,
          answer: { code: '100038', message: "Numeric value 'secret' is not recognized" },
        },
      ],
    });
    expect(outcome.code).toBe(1);
    expect(outcome.states.length).toBeGreaterThan(0);
    expect(outcome.stderr).not.toContain('secret');
    await expectHealed();
    expect(drill.left()).toEqual([]);
  });

  it('a value refused where streams share a COPY is no harm when each can be copied on its own', async () => {
    const { outcome, expectHealed } = await drill.run({
      seed: 33,
      faults: () => [{ match: /^MERGE/, nth: 2, answer: { code: '100038' } }],
    });
    expect(outcome.code).toBe(0);
    expect(wire.seen.filter((sql) => sql.startsWith('COPY'))).toHaveLength(3 + 2);
    await expectHealed();
  });

  it('a right that is missing ends the run at once and says so', async () => {
    const { outcome, expectHealed } = await drill.run({
      seed: 32,
      faults: () => [{ match: /^MERGE/, times: 99, answer: { code: '003001' } }],
    });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('the role lacks a right');
    expect(wire.seen.filter((sql) => sql.startsWith('MERGE'))).toHaveLength(1);
    await expectHealed();
  });
});

describe('the input', () => {
  it('cut off in the middle of a line: earlier cuts stand, the open one is discarded', async () => {
    const lines = messagesFrom(changesOf(40)).map((message) => JSON.stringify(message));
    const { outcome, expectHealed } = await drill.run({
      seed: 40,
      run: { input: `${lines.slice(0, 70).join('\n')}\n${lines[70]!.slice(0, 20)}` },
    });
    expect(outcome.code).toBe(1);
    expect(lastState(outcome)).toBeGreaterThan(0);
    await expectHealed();
  });

  it('with a bad record in the middle', async () => {
    const bad = messagesFrom(changesOf(41));
    bad.splice(60, 0, orders.record({ id: 'not a number' }));
    const { outcome, expectHealed } = await drill.run({ seed: 41, run: { input: bad } });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('line 61:');
    await expectHealed();
  });

  it('stopped by SIGTERM: what was read is loaded and its STATE written', async () => {
    const changes = changesOf(42);
    const { outcome, expectHealed } = await drill.run({
      seed: 42,
      settings: { batch_size_rows: 1000 },
      // The tap is still sending when the signal comes; the sign-in shows that records were read.
      run: { keepOpen: true },
      faults: (kill) => [
        {
          match: /^ALTER SESSION/,
          point: 'after',
          answer: { status: 503 },
          act: () => setTimeout(() => kill('SIGTERM'), 500),
        },
      ],
    });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('asked to stop');
    expect(lastState(outcome)).toBe(changes.length);
    await expectHealed();
  });
});

describe('a full disk', () => {
  it('ends the run with one clear line; nothing half loaded, nothing left', async () => {
    const config = { ...sandbox.fresh(), spool_directory: drill.spool, batch_size_rows: 100_000 };
    // Random text does not compress, so the file outgrows the limit of 64 KiB.
    const next = random(50);
    const noise = () => Array.from({ length: 400 }, () => Math.floor(next() * 1e9).toString(36)).join('');
    const wide = messagesOf('wide', { properties: { id: { type: 'integer' }, text: { type: 'string' } } });
    const records = Array.from({ length: 400 }, (_, id) => wide.record({ id, text: noise() }));
    const input = [wide.schema(), ...records, state({ done: 1 })];
    const said = await sandbox.refusal(config, input, { before: 'ulimit -f 64' });
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toMatch(/the disk is full \((EFBIG|ENOSPC)\); make room or set "spool_directory"/);
    expect(existsSync(drill.spool) && drill.left()).toEqual([]);
    await sandbox.load(config, input);
    expect(await sandbox.rows(config, 'WIDE')).toHaveLength(records.length);
  });
});

describe('a run without harm', () => {
  it('keeps to the order that safety needs: copies first, then one transaction per cut, compared before COMMIT, no DDL in it', async () => {
    const { outcome } = await drill.run({ seed: 70 });
    expect(outcome.code).toBe(0);
    const { statements } = wire;
    const transactions = statements.join('\n').match(/^BEGIN\n[\s\S]*?\nCOMMIT$/gm) ?? [];
    expect(transactions).toHaveLength(3);
    for (const transaction of transactions) {
      const inside = transaction.split('\n').slice(1, -1);
      expect(inside.map((sql) => /^(INSERT INTO \S+|MERGE|SELECT CURRENT_TRANSACTION|SELECT)/.exec(sql)?.[1])).toEqual([
        'SELECT CURRENT_TRANSACTION',
        expect.stringContaining('"LOG"'),
        'MERGE',
        'SELECT',
        expect.stringContaining('"_SDC_TABLES"'),
        expect.stringContaining('"_SDC_LOAD_LEDGER"'),
      ]);
    }
    const copies = statements.map((sql, at) => (sql.startsWith('COPY') ? at : -1)).filter((at) => at !== -1);
    const isOpen = (at: number): boolean =>
      statements.slice(0, at).filter((sql) => sql === 'BEGIN').length >
      statements.slice(0, at).filter((sql) => sql === 'COMMIT').length;
    expect(copies.filter(isOpen)).toEqual([]);
    expect(statements.filter((sql) => sql.startsWith('COPY')).every((sql) => sql.includes('FILES = ('))).toBe(true);
  });
});

describe('two runs at once on one table', () => {
  it('end with every key once and the newest row of each', async () => {
    const changes = changesOf(60);
    const config = { ...sandbox.fresh(), batch_size_rows: 8 };
    const outcomes = await Promise.all([0, 1].map(() => runTarget({ config, input: messagesFrom(changes) })));
    expect(outcomes.map(({ code, stderr }) => (code === 0 ? '' : stderr))).toEqual(['', '']);
    const { orders, log } = await drill.loaded(config);
    expect(orders).toEqual(newestOrders(changes));
    expect(log).toHaveLength(2 * changes.length);
  });
});
