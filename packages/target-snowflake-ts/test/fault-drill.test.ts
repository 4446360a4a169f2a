import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTarget, type Outcome, type RunOptions, type Settings } from './support/run-target.js';
import { openSandbox, type Sandbox } from './support/sandbox.js';
import { startWire, type Fault, type Wire } from './support/wire.js';

// After any harm and a rerun from the last STATE the tables equal the source; and no STATE leaves before its rows are in.

let sandbox: Sandbox;
let wire: Wire;
let spool: string;
beforeAll(async () => {
  sandbox = await openSandbox();
  wire = await startWire({ host: sandbox.server.host, port: sandbox.server.port });
  spool = mkdtempSync(path.join(tmpdir(), 'drill-'));
});
afterAll(async () => {
  await wire.close();
  await sandbox.close();
  rmSync(spool, { recursive: true });
});

/** The same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

interface Change {
  seq: number;
  id: number;
  changed: number;
}

/** A source: changes of orders, each of which is also a line in a log without a key. */
function source(seed: number): Change[] {
  const next = random(seed);
  return Array.from({ length: 30 }, (_, seq) => ({
    seq,
    id: Math.floor(next() * 12),
    changed: Math.floor(next() * 30),
  }));
}

const schemas = [
  {
    type: 'SCHEMA',
    stream: 'orders',
    key_properties: ['id'],
    bookmark_properties: ['changed'],
    schema: {
      type: 'object',
      properties: { id: { type: 'integer' }, changed: { type: 'integer' }, seq: { type: 'integer' } },
    },
  },
  {
    type: 'SCHEMA',
    stream: 'log',
    key_properties: [],
    schema: { type: 'object', properties: { seq: { type: 'integer' } } },
  },
];

/** The tap's output from a state on: the state is the number of the next change. */
function messages(changes: readonly Change[], from = 0): object[] {
  const rest = changes
    .slice(from)
    .flatMap((change) => [
      { type: 'RECORD', stream: 'orders', record: change },
      { type: 'RECORD', stream: 'log', record: { seq: change.seq } },
      ...(change.seq % 3 === 2 ? [{ type: 'STATE', value: { next: change.seq + 1 } }] : []),
    ]);
  return [...schemas, ...rest, { type: 'STATE', value: { next: changes.length } }];
}

/** What the orders are after some changes: the newest of each, the later one of equals. */
function orders(changes: readonly Change[]): Map<number, Change> {
  const newest = new Map<number, Change>();
  for (const change of changes) {
    const have = newest.get(change.id);
    if (!have || change.changed >= have.changed) newest.set(change.id, change);
  }
  return newest;
}

async function loaded(config: Settings): Promise<{ orders: Change[]; log: number[] }> {
  const tables = await sandbox.tables(config).catch((): string[] => []);
  const rows = async (table: string) => (tables.includes(table) ? sandbox.rows(config, table) : []);
  const toChange = (row: Record<string, unknown>): Change => ({
    seq: Number(row['SEQ']),
    id: Number(row['ID']),
    changed: Number(row['CHANGED']),
  });
  return { orders: (await rows('ORDERS')).map(toChange), log: (await rows('LOG')).map((row) => Number(row['SEQ'])) };
}

const lastState = ({ states }: Outcome): number => (states.at(-1) as { next: number } | undefined)?.next ?? 0;

/** Every row that a STATE speaks for is in. */
async function expectNothingClaimed(config: Settings, changes: readonly Change[], outcome: Outcome): Promise<void> {
  const done = lastState(outcome);
  const { orders: have, log } = await loaded(config);
  expect(changes.slice(0, done).filter(({ seq }) => !log.includes(seq))).toEqual([]);
  for (const [id, { changed }] of orders(changes.slice(0, done))) {
    expect(have.find((row) => row.id === id)?.changed).toBeGreaterThanOrEqual(changed);
  }
}

/** Runs again from the last STATE, without harm; the tables equal the source then. */
async function expectHealed(config: Settings, changes: readonly Change[], outcome: Outcome): Promise<void> {
  const from = lastState(outcome);
  const again = await sandbox.load(config, messages(changes, from));
  expect(lastState(again)).toBe(changes.length);
  const { orders: have, log } = await loaded(config);
  expect(have.sort((a, b) => a.id - b.id)).toEqual([...orders(changes).values()].sort((a, b) => a.id - b.id));
  const seqs = changes.map(({ seq }) => seq);
  expect([...new Set(log)].sort((a, b) => a - b)).toEqual(seqs);
  // A stream without a key is loaded at least once: twice at most what no STATE spoke for.
  expect(log.filter((seq, index) => log.indexOf(seq) !== index && seq < from)).toEqual([]);
}

interface Drill {
  seed: number;
  faults?: (kill: (signal: NodeJS.Signals) => void) => Fault[];
  run?: Partial<RunOptions>;
  settings?: Settings;
}

/** One run with harm. */
async function drill({
  seed,
  faults,
  run = {},
  settings = {},
}: Drill): Promise<{ config: Settings; changes: Change[]; outcome: Outcome }> {
  const changes = source(seed);
  const direct = { ...sandbox.fresh(), batch_size_rows: 22, spool_directory: spool, ...settings };
  let child: ChildProcess | undefined;
  wire.faults = faults?.((signal) => void child?.kill(signal)) ?? [];
  wire.seen = [];
  const config = { ...direct, port: wire.port };
  const outcome = await runTarget({
    config,
    input: messages(changes),
    ...run,
    onStart: (started) => (child = started),
  });
  wire.faults = [];
  await expectNothingClaimed(direct, changes, outcome);
  return { config: direct, changes, outcome };
}

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
      const { config, changes, outcome } = await drill({
        seed,
        faults: (kill) => [{ ...fault, nth, answer: 'nothing', act: () => kill('SIGKILL') }],
      });
      expect(outcome.signal).toBe('SIGKILL');
      // What it left on disk only its owner can read, and the next run removes.
      expect(readdirSync(spool).map((name) => (statSync(path.join(spool, name)).mode & 0o777).toString(8))).toEqual([
        '700',
      ]);
      await expectHealed(config, changes, outcome);
      expect(readdirSync(spool)).toEqual([]);
    },
  );
});

describe('a lost connection', () => {
  it.each(['COPY', 'MERGE', 'COMMIT'])('during %s is healed within the run', async (verb) => {
    const match = new RegExp(`^${verb}`);
    const { config, changes, outcome } = await drill({
      seed: 20,
      faults: () => [
        { match, nth: 2, point: 'after', answer: 'nothing' },
        { match, nth: 2, times: 1, answer: 'nothing' },
      ],
    });
    expect(outcome.code).toBe(0);
    await expectHealed(config, changes, outcome);
  });

  it('after a COMMIT whose answer never came is settled, not repeated', async () => {
    for (const load_ledger of [true, false]) {
      const { config, changes, outcome } = await drill({
        seed: 21,
        settings: { load_ledger },
        // The COMMIT is carried out; its answer is lost, and the session is gone when the driver asks again.
        faults: () => [{ match: /^COMMIT/, nth: 2, point: 'after', answer: { code: '390111' } }],
      });
      expect(outcome.code).toBe(0);
      expect(outcome.stderr).toContain('no answer to COMMIT');
      const { log } = await loaded(config);
      expect(log.sort((a, b) => a - b)).toEqual(changes.map(({ seq }) => seq));
      await expectHealed(config, changes, outcome);
    }
  });

  it('whose COMMIT never arrived is done anew, in a new session', async () => {
    const { config, changes, outcome } = await drill({
      seed: 22,
      faults: () => [{ match: /^COMMIT/, nth: 1, answer: { code: '390111' } }],
    });
    expect(outcome.code).toBe(0);
    const { log } = await loaded(config);
    expect(log.sort((a, b) => a - b)).toEqual(changes.map(({ seq }) => seq));
  });
});

describe('statements that fail', () => {
  it.each<[string, Fault]>([
    ['a lock that another run holds', { match: /^MERGE/, times: 2, answer: { code: '000625' } }],
    ['a cancelled MERGE', { match: /^MERGE/, nth: 2, answer: { code: '000604' } }],
    ['a refused upload', { what: 'upload', match: /./, nth: 2, answer: { status: 403 } }],
    ['a cancelled COPY', { match: /^COPY/, nth: 3, answer: { code: '000604' } }],
  ])('%s is tried again', async (_name, fault) => {
    const { config, changes, outcome } = await drill({ seed: 30, faults: () => [fault] });
    expect(outcome.code).toBe(0);
    const { log } = await loaded(config);
    expect(log.sort((a, b) => a - b)).toEqual(changes.map(({ seq }) => seq));
    await expectHealed(config, changes, outcome);
  });

  it('files that vanish from the stage are uploaded again: COPY never takes none for all', async () => {
    const stages = path.join(sandbox.server.dataDir, 'stages');
    const { config, changes, outcome } = await drill({
      seed: 33,
      faults: () => [
        { match: /^COPY/, nth: 2, answer: 'true', act: () => rmSync(stages, { recursive: true, force: true }) },
      ],
    });
    expect(outcome.code).toBe(0);
    await expectHealed(config, changes, outcome);
  });

  it('a stage that the role may not make: the own stage of the user serves', async () => {
    const { config, changes, outcome } = await drill({
      seed: 34,
      faults: () => [{ match: /^CREATE TEMPORARY STAGE/, answer: { code: '003001' } }],
    });
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain("using the user's own");
    expect(wire.seen.some((sql) => sql.startsWith('PUT') && sql.includes("'@~/target-snowflake-ts/"))).toBe(true);
    await expectHealed(config, changes, outcome);
  });

  it('a column that another process took away is planned anew', async () => {
    const { config, changes, outcome } = await drill({
      seed: 35,
      faults: () => [{ match: /^MERGE/, nth: 2, answer: { code: '000904' } }],
    });
    expect(outcome.code).toBe(0);
    await expectHealed(config, changes, outcome);
  });

  it.each([
    // Where streams share a COPY, each is copied on its own to find the value; otherwise nothing is tried again.
    ['a COPY that streams share and then their own', { times: 99 }, {}],
    ['a COPY of a stream on its own', { nth: 5 }, { shared_copy_max_bytes: 0 }],
  ])('%s, refused by Snowflake, ends the run; earlier cuts stand', async (_, when, settings) => {
    const { config, changes, outcome } = await drill({
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
    await expectHealed(config, changes, outcome);
    expect(readdirSync(spool)).toEqual([]);
  });

  it('a value refused where streams share a COPY is no harm when each can be copied on its own', async () => {
    const { changes, config, outcome } = await drill({
      seed: 33,
      faults: () => [{ match: /^MERGE/, nth: 2, answer: { code: '100038' } }],
    });
    expect(outcome.code).toBe(0);
    expect(wire.seen.filter((sql) => sql.startsWith('COPY'))).toHaveLength(3 + 2);
    await expectHealed(config, changes, outcome);
  });

  it('a right that is missing ends the run at once and says so', async () => {
    const { config, changes, outcome } = await drill({
      seed: 32,
      faults: () => [{ match: /^MERGE/, times: 99, answer: { code: '003001' } }],
    });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('the role lacks a right');
    expect(wire.seen.filter((sql) => sql.startsWith('MERGE'))).toHaveLength(1);
    await expectHealed(config, changes, outcome);
  });
});

describe('the input', () => {
  it('cut off in the middle of a line: earlier cuts stand, the open one is discarded', async () => {
    const lines = messages(source(40)).map((message) => JSON.stringify(message));
    const { config, changes, outcome } = await drill({
      seed: 40,
      run: { input: `${lines.slice(0, 70).join('\n')}\n${lines[70]!.slice(0, 20)}` },
    });
    expect(outcome.code).toBe(1);
    expect(lastState(outcome)).toBeGreaterThan(0);
    await expectHealed(config, changes, outcome);
  });

  it('with a bad record in the middle', async () => {
    const bad = messages(source(41));
    bad.splice(60, 0, { type: 'RECORD', stream: 'orders', record: { id: 'not a number' } });
    const { config, changes, outcome } = await drill({ seed: 41, run: { input: bad } });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('line 61:');
    await expectHealed(config, changes, outcome);
  });

  it('stopped by SIGTERM: what was read is loaded and its STATE written', async () => {
    const changes = source(42);
    const { config, outcome } = await drill({
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
    await expectHealed(config, changes, outcome);
  });
});

describe('a full disk', () => {
  it('ends the run with one clear line; nothing half loaded, nothing left', async () => {
    const config = { ...sandbox.fresh(), spool_directory: spool, batch_size_rows: 100_000 };
    // Random text does not compress, so the file outgrows the limit of 64 KiB.
    const next = random(50);
    const noise = () => Array.from({ length: 400 }, () => Math.floor(next() * 1e9).toString(36)).join('');
    const schema = {
      type: 'SCHEMA',
      stream: 'wide',
      key_properties: ['id'],
      schema: { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } },
    };
    const records = Array.from({ length: 400 }, (_, id) => ({
      type: 'RECORD',
      stream: 'wide',
      record: { id, text: noise() },
    }));
    const outcome = await runTarget({
      config,
      input: [schema, ...records, { type: 'STATE', value: { done: 1 } }],
      before: 'ulimit -f 64',
    });
    expect(outcome).toMatchObject({ code: 1, states: [] });
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
    expect(outcome.stderr).toMatch(/the disk is full \((EFBIG|ENOSPC)\); make room or set "spool_directory"/);
    expect(existsSync(spool) && readdirSync(spool)).toEqual([]);
    await sandbox.load(config, [schema, ...records, { type: 'STATE', value: { done: 1 } }]);
    expect(await sandbox.rows(config, 'WIDE')).toHaveLength(records.length);
  });
});

describe('a run without harm', () => {
  it('keeps to the order that safety needs: copies first, then one transaction per cut, compared before COMMIT, no DDL in it', async () => {
    const { outcome } = await drill({ seed: 70 });
    expect(outcome.code).toBe(0);
    const statements = wire.seen.filter((text) => !text.startsWith('/'));
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
    const changes = source(60);
    const config = { ...sandbox.fresh(), batch_size_rows: 8 };
    const outcomes = await Promise.all([0, 1].map(() => runTarget({ config, input: messages(changes) })));
    expect(outcomes.map(({ code, stderr }) => (code === 0 ? '' : stderr))).toEqual(['', '']);
    const { orders: have, log } = await loaded(config);
    expect(have.sort((a, b) => a.id - b.id)).toEqual([...orders(changes).values()].sort((a, b) => a.id - b.id));
    expect(log).toHaveLength(2 * changes.length);
  });
});
