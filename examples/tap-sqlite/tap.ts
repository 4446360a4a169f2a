import sqlite from 'node-sqlite3-wasm';
import { ConfigError, defineStream, defineTap, ExactNumber, object, required, string } from '@singer-io-ts/sdk';
import type { JsonSchema, JsonValue, ReplicationValue, Stream } from '@singer-io-ts/sdk';

/** A column as SQLite describes it. */
interface Column {
  readonly name: string;
  readonly type: string;
  /** Its place in the primary key, from 1; 0 where it is not part of it. */
  readonly pk: number;
}

/** Reads rows one by one and lets go of the file in the end, however that comes. */
function* select(file: string, sql: string, values: sqlite.SQLiteValue[] = []): Generator<sqlite.NormalQueryResult> {
  const database = new sqlite.Database(file, { fileMustExist: true, readOnly: true });
  const statement = database.prepare(sql);
  try {
    for (const row of statement.iterate(values)) yield row as sqlite.NormalQueryResult;
  } finally {
    statement.finalize();
    database.close();
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** SQLite takes any type name, and goes by parts of it (https://sqlite.org/datatype3.html, 3.1). */
function schemaOf({ type, pk }: Column): JsonSchema {
  const orNull = <T extends string>(name: T): T | [T, 'null'] => (pk > 0 ? name : [name, 'null']);
  if (/INT/i.test(type)) return { type: orNull('integer') };
  if (/DATE|TIME/i.test(type)) return { type: orNull('string'), format: /TIME/i.test(type) ? 'date-time' : 'date' };
  if (/REAL|FLOA|DOUB|NUM|DEC/i.test(type)) return { type: orNull('number') };
  return { type: orNull('string') };
}

/** A value as JSON: integers with all their digits, bytes as base64. */
function toJson(value: sqlite.SQLiteValue): JsonValue {
  if (typeof value === 'bigint') return new ExactNumber(String(value));
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

function fromJson(value: ReplicationValue): sqlite.SQLiteValue {
  return typeof value === 'object' ? BigInt(value.text) : value;
}

/** A stream for a table; incremental where the table has the column that tells what changed. */
function streamOf(file: string, table: string, changedColumn: string | undefined): Stream {
  const columns = [...select(file, 'SELECT name, type, pk FROM pragma_table_info(?)', [table])] as unknown as Column[];
  const changed = columns.find(({ name }) => name === changedColumn)?.name;
  return defineStream({
    name: table,
    schema: {
      type: 'object',
      properties: Object.fromEntries(columns.map((column) => [column.name, schemaOf(column)])),
    },
    primaryKeys: columns
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map(({ name }) => name),
    ...(changed === undefined ? {} : { replicationKey: changed }),
  }).records(
    function* ({ since }) {
      const key = quoted(changed ?? 'rowid');
      const rows =
        since === undefined
          ? select(file, `SELECT * FROM ${quoted(table)} ORDER BY ${key}`)
          : select(file, `SELECT * FROM ${quoted(table)} WHERE ${key} >= ? OR ${key} IS NULL ORDER BY ${key}`, [
              fromJson(since),
            ]);
      for (const row of rows)
        yield Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toJson(value)]));
    },
    { sorted: true },
  );
}

export const tap = defineTap({
  name: 'tap-sqlite',
  version: '0.1.0',
  description: 'The tables of an SQLite database.',
  configSchema: object({
    file: required(string({ description: 'The database.' })),
    changed_column: string({
      description: 'Column that tells when a row changed; tables that have it are read by what has changed.',
    }),
  }),
  // Only the database knows its tables. An async function is never called without settings that are valid.
  streams: async ({ config: { file, changed_column: changedColumn } }) => {
    try {
      const tables = select(
        file,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
      );
      return await Promise.resolve([...tables].map(({ name }) => streamOf(file, String(name), changedColumn)));
    } catch (cause) {
      throw new ConfigError({
        message: `the database ${file} cannot be read; check setting "file"`,
        setting: 'file',
        cause,
      });
    }
  },
});
