import { SDC, sdcColumns } from '../plan/sdc-columns.js';
import type { LoadColumn } from '../plan/table.js';
import { countDiscarded } from './contract.js';
import { renderConversion } from './conversion.js';
import { copyInto } from './copy.js';
import { readCatalog } from './catalog.js';
import { addColumns, alterColumns, createSchema, createTable, createTemporaryTable } from './ddl.js';
import { createLedger, insertLedgerEntries } from './ledger.js';
import { activateVersion, insertRows, mergeRows, replaceRows } from './load.js';
import { removeDuplicates } from './repair.js';
import { compactMemory, createMemory, findCut, insertMemory, readMemory } from './table-memory.js';
import { verify } from './verify.js';
import type { LoadPlan } from './rows.js';

// Names that would break out of anything that is not quoted, or not quoted well.
const HOSTILE = `x"; DROP TABLE "T`;
const table = { database: 'DB "1"', schema: "S'CHEMA", table: HOSTILE };
const staged = { database: 'DB "1"', schema: "S'CHEMA", table: '_SDC_LOAD_R_0' };

const column = (name: string, type: LoadColumn['type'], more: Partial<LoadColumn> = {}): LoadColumn => ({
  name,
  type,
  utc: true,
  text: undefined,
  ...more,
});
const columns = [
  column(`id'); --`, { kind: 'number', precision: 38, scale: 0 }),
  column('SELECT', { kind: 'text', length: 16_777_216 }),
  column('größe "ü"', { kind: 'timestamp', zone: 'NTZ' }),
  column('a:b', { kind: 'variant' }),
  column('$1', { kind: 'binary' }, { text: 'base64' }),
  column('wall', { kind: 'timestamp', zone: 'NTZ' }, { utc: false }),
  column('t', { kind: 'time' }),
  column('u', { kind: 'text', length: 32 }, { text: 'uuid-without-dashes' }),
];
const metadata = new Map(sdcColumns('NTZ').map(({ name, type }) => [name, column(name, type)]));
const plan: LoadPlan = {
  table,
  staged: { table: staged },
  columns,
  keys: [0],
  replicationKey: { index: 2, as: 'value' },
  metadata,
  deletions: 'none',
  partial: false,
  versions: 'none',
  atLeastVersion: undefined,
  batchedAt: '2026-11-25T09:00:00.000Z',
  syncStartedAt: 1_764_061_200_000,
};

describe('SQL for hostile names', () => {
  it('makes tables and columns', () => {
    const definitions = [{ name: HOSTILE, type: columns[2]!.type, comment: `it's "UTC"` }];
    expect([
      createSchema(table),
      createTable(table, definitions, {
        comment: undefined,
        transient: false,
        clusterBy: [],
        dataRetentionDays: undefined,
      }),
      createTable(table, definitions, {
        comment: `it's "all"`,
        transient: true,
        clusterBy: [HOSTILE.toLowerCase(), 'TO_DATE("T")'],
        dataRetentionDays: 3,
      }),
      createTemporaryTable(staged, definitions),
      addColumns(table, [...definitions, { name: 'b', type: { kind: 'date' } }]),
      alterColumns(table, [
        { step: 'widen', column: HOSTILE, type: { kind: 'text', length: 99 } },
        { step: 'drop-not-null', column: HOSTILE },
      ]),
      readCatalog(table, [HOSTILE, `it's`]),
    ]).toMatchSnapshot();
  });

  it('converts a column in steps that each can be told from the table', () => {
    expect(
      renderConversion({ table, column: HOSTILE, from: columns[0]!.type, to: { kind: 'float' } }),
    ).toMatchSnapshot();
    expect(
      renderConversion({ table, column: HOSTILE, from: columns[2]!.type, to: { kind: 'text', length: 16_777_216 } })
        .fill,
    ).toMatchSnapshot();
  });

  it('makes numbers of a DECFLOAT that becomes a VARIANT, which has no such type', () => {
    const { fill, countLost } = renderConversion({
      table,
      column: 'N',
      from: { kind: 'decfloat' },
      to: { kind: 'variant' },
    });
    expect(fill).toMatch('= PARSE_JSON("N"::VARCHAR) WHERE');
    expect(countLost).toMatch('TRY_PARSE_JSON("N"::VARCHAR)::VARCHAR::DECFLOAT <> "N"');
  });

  it('copies by listed files and by paths with any characters', () => {
    const sql = copyInto({
      table: staged,
      columns: [
        { name: 'N', type: { kind: 'number', precision: 38, scale: 0 }, from: ['n'] },
        { name: 'C0', type: { kind: 'text', length: 16_777_216 }, from: ['r', `it's "a\\b":c.d`] },
        { name: 'C1', type: { kind: 'variant' }, from: ['r', 'größe'] },
      ],
      location: `@"DB ""1"""."S'CHEMA"."ST"/1`,
      compression: 'GZIP',
      files: ["o'brien.jsonl.gz"],
    });
    expect(sql).toMatchSnapshot();
  });

  it('merges, one row per key and never an older one over a newer one', () => {
    expect([mergeRows(plan)]).toMatchSnapshot();
  });

  it('merges without a replication key and without metadata', () => {
    const plain = { ...plan, replicationKey: undefined, metadata: undefined };
    expect(mergeRows(plain)).toMatchSnapshot();
    expect(mergeRows({ ...plain, columns: columns.slice(0, 1) })).not.toContain('WHEN MATCHED');
  });

  it('reads the lines of a part from a table that it shares, and only the values that are needed', () => {
    const share = {
      part: 3,
      columns: [
        { name: 'N', type: { kind: 'number', precision: 38, scale: 0 }, from: ['n'] },
        { name: 'V', type: { kind: 'number', precision: 38, scale: 0 }, from: ['v'] },
        { name: 'C0', type: { kind: 'number', precision: 38, scale: 0 }, from: ['r', `it's "a\\b":c.d`] },
        { name: 'C1', type: { kind: 'variant' }, from: ['r', 'größe'] },
      ],
    } as const;
    const shared: LoadPlan = {
      ...plan,
      staged: { table: staged, share },
      columns: [columns[0]!, columns[3]!],
      replicationKey: undefined,
      metadata: undefined,
    };
    expect([
      mergeRows(shared),
      ...verify({ parts: [{ number: 0, plan: shared, deletedBelow: undefined }], tables: [], others: [] }),
      countDiscarded({
        ...shared,
        columns: [columns[0]!, column('a', { kind: 'date' }, { contract: { place: 'no column', discard: 'row' } })],
      }),
    ]).toMatchSnapshot();
  });

  it('inserts every row of a stream without a key', () => {
    expect(insertRows({ ...plan, keys: [] })).toMatchSnapshot();
  });

  it('marks rows whose records say that they are deleted, and leaves what they do not carry', () => {
    expect([
      mergeRows({ ...plan, deletions: 'mark' }),
      mergeRows({ ...plan, deletions: 'mark', partial: true }),
    ]).toMatchSnapshot();
  });

  it('removes rows whose records say that they are deleted', () => {
    expect(mergeRows({ ...plan, deletions: 'remove', versions: 'one' })).toMatchSnapshot();
  });

  it('leaves out what a contract keeps out', () => {
    const kept: LoadPlan = {
      ...plan,
      columns: [
        columns[0]!,
        column('new', { kind: 'text', length: 10 }, { contract: { place: 'no column', discard: 'row' } }),
        column(
          'n',
          { kind: 'number', precision: 10, scale: 2 },
          { contract: { place: 'another type', discard: 'value' } },
        ),
        column('d', { kind: 'timestamp', zone: 'NTZ' }, { contract: { place: 'another type', discard: 'row' } }),
      ],
      replicationKey: undefined,
    };
    expect([mergeRows(kept), countDiscarded(kept)]).toMatchSnapshot();
    expect(countDiscarded(plan)).toBeUndefined();
  });

  it('activates a version, softly and hard', () => {
    const options = { table, metadata, version: 7 };
    expect([
      activateVersion({ ...options, hardDelete: false }),
      activateVersion({ ...options, hardDelete: true }),
    ]).toMatchSnapshot();
  });

  it('replaces all rows', () => {
    expect(replaceRows(table, staged, [HOSTILE, SDC.sequence])).toMatchSnapshot();
  });

  it('ranks versions before replication keys, and lifts versions where the table has a higher one', () => {
    const versioned = { ...plan, versions: 'several' as const, atLeastVersion: 9 };
    expect([mergeRows(versioned), insertRows({ ...versioned, keys: [] })]).toMatchSnapshot();
  });

  it('compares tables with what was loaded into them, in one statement', () => {
    const statements = verify({
      parts: [
        { number: 0, plan, deletedBelow: undefined },
        { number: 1, plan: { ...plan, versions: 'one' }, deletedBelow: 7 },
      ],
      tables: [{ number: 2, table, from: staged }],
      others: [{ number: 0, schema: table, options: { tables: [HOSTILE], runId: 'abc', cut: 3 } }],
    });
    expect(statements).toHaveLength(1);
    expect(statements).toMatchSnapshot();
  });

  it('leaves one row of a key that stands twice', () => {
    expect(removeDuplicates({ ...plan, versions: 'one' }, staged)).toMatchSnapshot();
  });

  it('remembers tables', () => {
    expect([
      createMemory(table),
      readMemory(table, [HOSTILE, 'B']),
      insertMemory(table, [
        {
          table: HOSTILE,
          stream: `s'); --`,
          created: 5,
          version: 6,
          tapRun: 7,
          targetStarted: 8,
          runId: 'abc',
          cut: 3,
          leftEmpty: true,
        },
        { table: HOSTILE, stream: 's', columns: `{"it's":{"utc":true}}` },
      ]),
      findCut(table, 'abc', 3),
      compactMemory(table, 'abc'),
    ]).toMatchSnapshot();
  });

  it('keeps the ledger, all entries of a cut in one statement', () => {
    const entry = {
      table,
      stream: `s'); --`,
      runId: 'abc',
      cut: 3,
      startedAt: '2026-11-25T09:00:00.000Z',
      rowsRead: 4,
      rowsInserted: 1,
      rowsUpdated: 2,
      rowsSkippedOlder: 1,
      bytes: 99,
      tableVersion: undefined,
      windowEnd: '2026-11-25T08:59:55.000Z',
      state: `{"a":"it's \\\\"}`,
      targetVersion: '1.0.0',
    };
    const other = { ...entry, windowEnd: undefined, state: undefined, tableVersion: 5 };
    expect([createLedger(table), insertLedgerEntries(table, [entry, other])]).toMatchSnapshot();
    const large = { ...entry, state: JSON.stringify('x'.repeat(300_000)) };
    expect(insertLedgerEntries(table, [large, large, entry])).toHaveLength(2);
  });
});
