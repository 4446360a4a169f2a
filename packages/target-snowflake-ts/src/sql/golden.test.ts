import { SDC, sdcColumns } from '../plan/sdc-columns.js';
import type { LoadColumn } from '../plan/table.js';
import { checkRows } from './checks.js';
import { renderConversion } from './conversion.js';
import { copyInto } from './copy.js';
import {
  addColumn,
  createSchema,
  createTable,
  createTemporaryTable,
  describeTable,
  dropNotNull,
  widenColumn,
} from './ddl.js';
import {
  createLedger,
  createLocks,
  ensureLock,
  findInLedger,
  insertLedgerEntry,
  readLock,
  signLock,
  takeLock,
} from './ledger.js';
import { activateVersion, countRows, insertRows, mergeRows, replaceRows } from './load.js';
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
  staged,
  layout: 'wrapped',
  columns,
  keys: [0],
  replicationKey: { index: 2, as: 'value' },
  metadata,
  deletedAt: undefined,
  batchedAt: '2026-11-25T09:00:00.000Z',
  syncStartedAt: 1_764_061_200_000,
};

describe('SQL for hostile names', () => {
  it('makes tables and columns', () => {
    const definitions = [{ name: HOSTILE, type: columns[2]!.type, comment: `it's "UTC"` }];
    expect([
      createSchema(table),
      createTable(table, definitions),
      createTemporaryTable(staged, definitions),
      addColumn(table, definitions[0]!),
      widenColumn(table, HOSTILE, { kind: 'text', length: 99 }),
      dropNotNull(table, HOSTILE),
      describeTable(table),
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

  it('copies by listed files and by paths with any characters', () => {
    const sql = copyInto({
      table: staged,
      columns: [
        { name: 'N', type: { kind: 'number', precision: 38, scale: 0 }, from: ['n'] },
        { name: 'C0', type: { kind: 'text', length: 16_777_216 }, from: ['r', `it's "a\\b":c.d`] },
        { name: 'C1', type: { kind: 'variant' }, from: ['r', 'größe'] },
      ],
      location: `@"DB ""1"""."S'CHEMA"."ST"/1`,
      files: ["o'brien.jsonl.gz"],
      compression: 'gzip',
    });
    expect(sql).toMatchSnapshot();
  });

  it('merges, one row per key and never an older one over a newer one', () => {
    expect([countRows(plan), mergeRows(plan)]).toMatchSnapshot();
  });

  it('merges without a replication key and without metadata', () => {
    const plain = { ...plan, replicationKey: undefined, metadata: undefined };
    expect([countRows(plain), mergeRows(plain)]).toMatchSnapshot();
    expect(mergeRows({ ...plain, columns: columns.slice(0, 1) })).not.toContain('WHEN MATCHED');
  });

  it('inserts every row of a stream without a key', () => {
    expect(insertRows({ ...plan, keys: [] })).toMatchSnapshot();
  });

  it('checks the rows of BATCH files, which nobody has read', () => {
    expect(checkRows({ ...plan, layout: 'bare' })).toMatchSnapshot();
    expect(checkRows(plan)).toBeUndefined();
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

  it('locks, signs and keeps the ledger', () => {
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
    expect([
      createLedger(table),
      createLocks(table),
      ensureLock(table),
      takeLock(table),
      readLock(table),
      signLock(table, 'abc', 3),
      findInLedger(table, 'abc', 3),
      insertLedgerEntry(entry),
      insertLedgerEntry({ ...entry, windowEnd: undefined, state: undefined, tableVersion: 5 }),
    ]).toMatchSnapshot();
  });
});
