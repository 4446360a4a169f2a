import { messagesOf, state } from './support/messages.js';
import { type Settings } from './support/run-target.js';
import { useSandbox } from './support/sandbox.js';
import { useWire } from './support/wire.js';

// Which run of several wins, and what is noticed when state and table do not belong together.

const sandbox = useSandbox();
const wire = useWire(sandbox);

const shelves = messagesOf('shelves', {
  properties: { id: { type: 'integer' }, label: { type: 'string' }, at: { type: 'integer' } },
});
const { schema } = shelves;
const record = (id: number, label: string, more: object = {}) => shelves.record({ id, label }, more);
interface Mark {
  run: number;
  from: number | null;
  complete?: boolean;
  sent?: boolean;
}
const marked = ({ run, from, complete = false, sent = true }: Mark) =>
  state({ bookmarks: { shelves: { sync: { run, from, complete, sent } } } });
const labels = async (config: Settings) =>
  (await sandbox.rows(config, 'SHELVES', '"ID"')).map(({ ID, LABEL }) => `${String(ID)}:${String(LABEL)}`);

describe('the later run', () => {
  it('is the one that the mark in STATE says, even with an older table version in its records', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [
      schema(),
      record(1, 'a', { version: 50 }),
      record(2, 'b', { version: 50 }),
      marked({ run: 2000, from: null }),
    ]);
    // From an old state: a lower version, but a later run, so its rows are no older.
    await sandbox.load(config, [schema(), record(1, 'again', { version: 40 }), marked({ run: 3000, from: 1000 })]);
    expect(await labels(config)).toEqual(['1:again', '2:b']);
    const rows = await sandbox.rows(config, 'SHELVES', '"ID"', '"_SDC_TABLE_VERSION" AS V');
    expect(rows.map(({ V }) => V)).toEqual(['50', '50']);
    const late = await sandbox.refusal(config, [
      schema(),
      record(1, 'late', { version: 60 }),
      marked({ run: 2500, from: 2000 }),
    ]);
    expect(late).toMatch(/stream shelves: a later run has written table .*\(the tap's run 1970-01-01T00:00:03/);
    expect(await labels(config)).toEqual(['1:again', '2:b']);
  });

  it('is found out in the transaction, when it commits after this one has looked', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [schema(), record(1, 'first', { version: 1 })]);
    let other: Promise<unknown> = Promise.resolve();
    wire.faults = [
      {
        match: /^BEGIN/,
        answer: 'true',
        act: () => void (other = sandbox.load(config, [schema(), record(1, 'newest', { version: 3 })])),
      },
      { match: /^MERGE/, answer: 'true', wait: () => other },
    ];
    const late = await sandbox.refusal(wire.through(config), [
      schema(),
      record(1, 'late', { version: 2 }),
      record(2, 'gone', { version: 2 }),
    ]);
    expect(late).toContain('stream shelves: a later run has written table');
    expect(await labels(config)).toEqual(['1:newest']);
  });

  it('within one input is the higher version of a key, with and without a replication key', async () => {
    for (const bookmark_properties of [[], ['at']]) {
      const config = sandbox.fresh();
      const row = (id: number, label: string, at: number, version: number) =>
        shelves.record({ id, label, at }, { version });
      await sandbox.load(config, [
        schema({ bookmark_properties }),
        row(1, 'new version', 1, 8),
        row(1, 'old version', 9, 7),
        row(2, 'x', 5, 8),
        row(2, 'y', 6, 8),
      ]);
      expect(await labels(config)).toEqual(['1:new version', '2:y']);
    }
  });

  it('is the one that started later, where nothing else tells', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [schema(), record(1, 'now')]);
    // As if another machine had started an hour later.
    await sandbox.query(
      `UPDATE ${sandbox.table(config, '_SDC_TABLES')} SET "TARGET_STARTED" = "TARGET_STARTED" + 3600000, "RUN_ID" = 'other'`,
    );
    const late = await sandbox.refusal(config, [schema(), record(1, 'late')]);
    expect(late).toContain('stream shelves: a later run has written table');
    // A replication key tells more, and rows without a key replace nothing.
    await sandbox.load(config, [schema({ bookmark_properties: ['at'] }), record(1, 'by key')]);
    await sandbox.load(config, [schema({ key_properties: [] }), record(1, 'added')]);
    // A table that was made anew has no earlier runs.
    await sandbox.query(`DROP TABLE ${sandbox.table(config, 'SHELVES')}`);
    await sandbox.load(config, [schema(), record(1, 'anew')]);
    expect(await labels(config)).toEqual(['1:anew']);
  });
});

describe('a table that does not belong to the bookmark', () => {
  const goesOn = (mark: Partial<Mark> = {}) => [
    schema(),
    marked({ run: 9000, from: 5000, ...mark }),
    record(7, 'new'),
    marked({ run: 9000, from: 5000 }),
  ];

  it.each<[string, string, (schema: string) => string]>([
    ['is missing', 'is not there', (name) => `DROP TABLE ${name}`],
    ['is empty', 'has no rows', (name) => `DELETE FROM ${name}`],
  ])('because it %s ends the run, or is warned of', async (_what, told, harm) => {
    const config = sandbox.fresh();
    await sandbox.load(config, [schema(), record(1, 'a'), marked({ run: 5000, from: null })]);
    await sandbox.query(harm(sandbox.table(config, 'SHELVES')));
    const refused = await sandbox.refusal(config, goesOn());
    expect(refused).toMatch(new RegExp(`stream shelves: .* ${told}, .*meltano run --full-refresh`));
    const warned = await sandbox.load({ ...config, on_lost_table: 'warn' }, goesOn());
    expect(warned.stderr).toContain(told);
    expect(await labels(config)).toEqual(['7:new']);
  });

  it('because nothing came is noticed too', async () => {
    const refused = await sandbox.refusal(sandbox.fresh(), [schema(), marked({ run: 9000, from: 5000 })]);
    expect(refused).toContain('is not there');
  });

  it.each<[string, (table: string) => string[]]>([
    [
      'made again by a person',
      (table) => [`CREATE OR REPLACE TABLE ${table} AS SELECT 77 AS "ID", 'foreign' AS "LABEL"`],
    ],
    [
      'restored as a clone',
      (table) => [
        `CREATE TABLE ${table.replace('SHELVES', 'KEPT')} CLONE ${table}`,
        `CREATE OR REPLACE TABLE ${table} CLONE ${table.replace('SHELVES', 'KEPT')}`,
      ],
    ],
  ])('because it was %s ends the run, until it is accepted', async (_what, replace) => {
    const config = sandbox.fresh();
    const idle = [schema(), marked({ run: 9000, from: 5000 })];
    await sandbox.load(config, [schema(), record(1, 'a'), marked({ run: 5000, from: null })]);
    for (const sql of replace(sandbox.table(config, 'SHELVES'))) await sandbox.query(sql);
    const before = await labels(config);
    for (const input of [idle, goesOn()]) {
      const refused = await sandbox.refusal(config, input);
      expect(refused).toMatch(
        /stream shelves: .* is not the one that was loaded last, by the run of 1970-01-01T00:00:05.*: this one was created at 20.*may be missing.*meltano run --full-refresh .*TARGET_SNOWFLAKE_TS_ON_LOST_TABLE=warn/,
      );
    }
    expect(await labels(config)).toEqual(before);
    // One run that brings nothing is enough to accept it.
    await sandbox.load(config, idle, { env: { TARGET_SNOWFLAKE_TS_ON_LOST_TABLE: 'warn' }, args: ['--config', 'ENV'] });
    await sandbox.load(config, [
      schema(),
      marked({ run: 9500, from: 9000 }),
      record(7, 'new'),
      marked({ run: 9500, from: 9000 }),
    ]);
    expect((await labels(config)).sort()).toEqual([...before, '7:new'].sort());
  });

  it('does not include one that was made again and then loaded from the beginning', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [schema(), record(1, 'a'), marked({ run: 5000, from: null })]);
    await sandbox.query(`CREATE OR REPLACE TABLE ${sandbox.table(config, 'SHELVES')} ("ID" NUMBER(38,0))`);
    await sandbox.load(config, [schema(), record(1, 'again'), marked({ run: 6000, from: null })]);
    await sandbox.load(config, [schema(), marked({ run: 7000, from: 6000 })]);
    // Nothing was ever loaded into the first one.
    const empty = sandbox.fresh();
    await sandbox.load(empty, [schema(), marked({ run: 5000, from: null, sent: false })]);
    await sandbox.query(`CREATE OR REPLACE TABLE ${sandbox.table(empty, 'SHELVES')} ("ID" NUMBER(38,0))`);
    await sandbox.load(empty, [schema(), marked({ run: 6000, from: 5000, sent: false })]);
    expect(await labels(config)).toEqual(['1:again']);
  });

  it('because it stands in another schema, where an earlier run ended', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [schema(), record(1, 'a'), marked({ run: 4000, from: null })]);
    const refused = await sandbox.refusal(config, goesOn());
    expect(refused).toContain('was last loaded by an earlier run (1970-01-01T00:00:04');
    // The state of the run before this one, or of an older one, is all right: what it sends again changes nothing.
    for (const [run, from] of [
      [10_000, 4000],
      [11_000, 3000],
    ] as const)
      await sandbox.load(config, [schema(), marked({ run, from })]);
  });

  it('does not include a table that is as it should be', async () => {
    // Nothing was ever sent.
    await sandbox.load(sandbox.fresh(), [schema(), marked({ run: 9000, from: 5000, sent: false })]);
    // A run that brought nothing was there all the same.
    const config = { ...sandbox.fresh(), hard_delete: true };
    await sandbox.load(config, [schema(), record(1, 'a', { version: 1 }), marked({ run: 4000, from: null })]);
    await sandbox.load(config, [schema(), marked({ run: 5000, from: 4000 })]);
    // The last row was deleted at the source.
    await sandbox.load(config, [
      schema(),
      marked({ run: 6000, from: 5000 }),
      shelves.activateVersion(2),
      marked({ run: 6000, from: 5000 }),
    ]);
    expect(await labels(config)).toEqual([]);
    await sandbox.load(config, [schema(), marked({ run: 7000, from: 6000 }), record(2, 'b', { version: 2 })]);
    expect(await labels(config)).toEqual(['2:b']);
  });
});

describe('overwrite', () => {
  it('publishes only what a run has sent from beginning to end', async () => {
    const config = { ...sandbox.fresh(), load_method: 'overwrite' };
    await sandbox.load(config, [schema(), record(1, 'whole'), marked({ run: 1000, from: null, complete: true })]);
    for (const mark of [
      { run: 2000, from: null },
      { run: 2000, from: 1000 },
    ]) {
      const part = await sandbox.refusal(config, [schema(), record(2, 'part'), marked(mark)]);
      expect(part).toContain('stream shelves: the tap has sent only a part of it');
    }
    const none = await sandbox.load(config, [schema(), marked({ run: 3000, from: null, complete: true })]);
    expect(none.stderr).toContain('no records came, so table');
    expect(await labels(config)).toEqual(['1:whole']);
    await sandbox.load({ ...config, allow_empty_overwrite: true }, [
      schema(),
      marked({ run: 4000, from: null, complete: true }),
    ]);
    expect(await labels(config)).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('publishes nothing when %s comes after the whole input', async (signal) => {
    const config = { ...sandbox.fresh(), load_method: 'overwrite' };
    await sandbox.load(config, [schema(), record(1, 'whole'), state({})]);
    let stop = (): void => undefined;
    wire.faults = [
      { match: /^BEGIN/, answer: 'true', act: () => stop(), wait: () => new Promise((done) => setTimeout(done, 500)) },
    ];
    await sandbox.refusal(wire.through(config), [schema(), record(2, 'part'), state({})], {
      onStart: (child) => (stop = () => void child.kill(signal)),
    });
    expect(await labels(config)).toEqual(['1:whole']);
  });
});

describe('keys that have two rows', () => {
  it('are put right by the next load that meets them, which says so', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [schema(), record(1, 'a', { version: 1 }), record(2, 'b', { version: 1 })]);
    const table = sandbox.table(config, 'SHELVES');
    await sandbox.query(`INSERT INTO ${table} SELECT * FROM ${table}`);
    const { stderr } = await sandbox.load(config, [schema(), record(1, 'new', { version: 1 })]);
    expect(stderr).toContain('one key had more than one row');
    expect(await labels(config)).toEqual(['1:new', '2:b', '2:b']);
  });
});

describe('several processes on one table', () => {
  it('end right, and none gives up', async () => {
    const config = sandbox.fresh();
    const processes = Array.from({ length: 4 }, async (_, process) => {
      for (let round = 0; round < 2; round += 1) {
        const at = round * 10 + process;
        const ids = Array.from({ length: 20 }, (_row, id) => (id < 10 ? id : 100 * (process + 1) + id));
        const rows = ids.map((id) => shelves.record({ id, label: `p${process}`, at }));
        await sandbox.load(config, [schema({ bookmark_properties: ['at'] }), ...rows]);
      }
    });
    await Promise.all(processes);
    const rows = await sandbox.rows(config, 'SHELVES', '"ID"');
    expect(rows).toHaveLength(10 + 4 * 10);
    expect(rows.slice(0, 10).map(({ AT }) => AT)).toEqual(Array(10).fill('13'));
  });
});
