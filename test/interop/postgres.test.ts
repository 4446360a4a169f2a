import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { connect, startLocalSnowflake, type LocalSnowflake, type SnowflakeClient } from '../support/local-snowflake.js';
import { nodeProgram, pythonProgram, run, runToEnd, type Ended } from '../support/run-program.js';

// PostgreSQL through the peers' tap-postgres into Snowflake: each value of each type is the one that PostgreSQL shows, or its row is put
// aside with the property named. One value a row, so that each stands for itself.

/** A decimal number in one spelling: `12.30`, `1230e-2` and `12.3` are the same. */
function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${String(Number(exponent) - fraction.length + digits.length - kept.length)}`;
}

/** A JSON value whose numbers are compared by all their digits. */
const json = (text: string): unknown =>
  JSON.parse(
    text.replace(
      /("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)/g,
      (_, quoted: string | undefined, number: string) => quoted ?? JSON.stringify(decimal(number)),
    ),
  );

/** How the values of a type are told apart: its text in PostgreSQL, in Snowflake, and what is compared of them. */
interface Kind {
  postgres: (column: string) => string;
  snowflake: (column: string) => string;
  same: (text: string) => unknown;
}
const asText = (column: string): string => `${column}::text`;
const kind = (same: Kind['same'] = (text) => text, more: Partial<Kind> = {}): Kind => ({
  postgres: asText,
  snowflake: asText,
  same,
  ...more,
});
/** Objects are the same in any order of their names. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, sorted(inner)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
};
const TEXT = kind();
const NUMBER = kind(decimal);
const FLOAT = kind(Number);
const JSON_VALUE = kind((text) => sorted(json(text)), { snowflake: (column) => `to_json(${column})` });
const SECOND = 'YYYY-MM-DD HH24:MI:SS';
const INSTANT = kind(undefined, {
  postgres: (column) => `to_char(${column}, '${SECOND}.US')`,
  snowflake: (column) => `to_varchar(${column}, '${SECOND}.FF6')`,
});
const TIME = kind(undefined, {
  postgres: (column) => `to_char(${column}::time, 'HH24:MI:SS.US')`,
  snowflake: (column) => `to_varchar(${column}, 'HH24:MI:SS.FF6')`,
});
const BYTES = kind(undefined, { postgres: (column) => `encode(${column}, 'hex')` });
const LIST = kind(json, {
  postgres: (column) => `array_to_json(${column})::text`,
  snowflake: (column) => `to_json(${column})`,
});

/** A type of PostgreSQL, values that must arrive, and values that must be put aside. */
interface Type {
  type: string;
  kind: Kind;
  values: string[];
  aside?: string[];
}
/** As many digits as every DECFLOAT holds. */
const LONG = '9'.repeat(36);
const TYPES: Type[] = [
  { type: 'smallint', kind: NUMBER, values: ['-32768', '0', '32767'] },
  { type: 'integer', kind: NUMBER, values: ['-2147483648', '2147483647'] },
  { type: 'bigint', kind: NUMBER, values: ['-9223372036854775808', '9007199254740993', '9223372036854775807'] },
  {
    type: 'numeric',
    kind: NUMBER,
    values: ['0', '-0.1', '1.50', '1e-20', LONG, '12345678901234567890.1234567890123456', `0.${LONG}`],
    aside: [`${LONG}9`, `1.${LONG}`, `-${LONG}.5`],
  },
  { type: 'numeric(10,2)', kind: NUMBER, values: ['0.01', '-99999999.99', '12345678.90'] },
  {
    type: 'numeric(38,10)',
    kind: NUMBER,
    values: ['12345678901234567890123456.0123456789', '-0.0000000001'],
    aside: ['1234567890123456789012345678.0123456789'],
  },
  { type: 'numeric(5,-2)', kind: NUMBER, values: ['12300', '-9999900'] },
  { type: 'real', kind: FLOAT, values: ['3.14', '-1e-37', '3.4028235e38', '0.1'] },
  { type: 'double precision', kind: FLOAT, values: ['0.1', '2.718281828459045', '1e-300', '1.7976931348623157e308'] },
  { type: 'money', kind: TEXT, values: ['1234.56', '-0.01'] },
  { type: 'boolean', kind: TEXT, values: ['true', 'false'] },
  { type: 'char(5)', kind: { ...TEXT, postgres: (column) => `rpad(${column}::text, 5)` }, values: ['ab', 'abcde'] },
  { type: 'varchar(20)', kind: TEXT, values: ['', ' x ', 'ü €', '😀'.repeat(20)] },
  {
    type: 'text',
    kind: TEXT,
    values: [
      '',
      'null',
      '\\N',
      'a"b\'c\\d',
      'tab\tline\ncr\r',
      '\u2028',
      '1e5',
      'true',
      '{"a":1}',
      'x'.repeat(100_000),
    ],
  },
  { type: 'bytea', kind: BYTES, values: ['\\x', '\\x00ff10', '\\xdeadbeef'] },
  { type: 'date', kind: TEXT, values: ['0001-01-01', '1582-10-15', '2024-02-29', '9999-12-31'] },
  { type: 'time', kind: TIME, values: ['00:00', '12:30:00.5', '23:59:59.999999'] },
  { type: 'timetz', kind: TIME, values: [], aside: ['10:00:00+02'] },
  {
    type: 'timestamp',
    kind: INSTANT,
    values: ['0001-01-01 00:00', '1999-12-31 23:59:59.999999', '9999-12-31 23:59:59'],
  },
  {
    type: 'timestamptz',
    kind: INSTANT,
    values: [
      '1893-03-31 23:53:27+00',
      '2024-03-31 02:30+01',
      '2024-10-27 02:30:00.000001+02',
      '2024-07-05 10:00-11:30',
    ],
  },
  { type: 'uuid', kind: TEXT, values: ['0f8fad5b-d9cb-469f-a165-70867728950e'] },
  {
    type: 'json',
    kind: JSON_VALUE,
    values: ['{"b": 1.10, "a": [null, {"c": ""}]}', '[]', '12345678901234567890', '"x"'],
  },
  { type: 'jsonb', kind: JSON_VALUE, values: ['{"b": 1.10, "a": [null, true]}', '0.1', '{}', '{"ü": "€\\n"}'] },
  { type: 'integer[]', kind: LIST, values: ['{}', '{1,-2}'], aside: ['{1,NULL}'] },
  { type: 'text[]', kind: LIST, values: ['{a,"b c","\\"q\\""}', '{""}'] },
  { type: 'numeric[]', kind: LIST, values: ['{1.10,2,12345678901234567890.5}'] },
  { type: 'bit(8)', kind: TEXT, values: ['10101010'] },
  { type: 'varbit(12)', kind: TEXT, values: ['101'] },
  { type: 'inet', kind: { ...TEXT, postgres: (column) => `host(${column})` }, values: ['10.0.0.1', '::1'] },
  { type: 'cidr', kind: TEXT, values: ['10.0.0.0/8'] },
  { type: 'macaddr', kind: TEXT, values: ['08:00:2b:01:02:03'] },
  { type: 'point', kind: TEXT, values: ['(1,2)'] },
  { type: 'int4range', kind: TEXT, values: ['[1,5)', 'empty'] },
  { type: 'xml', kind: TEXT, values: ['<a b="1">x</a>'] },
  { type: 'mood', kind: TEXT, values: ['sad', 'ok'] },
  // The tap calls a domain a text and sends a number: what does not fit its schema is not guessed at.
  { type: 'cents', kind: NUMBER, values: [], aside: ['12.34'] },
];
const column = (index: number): string => `c${String(index)}`;
/** Each value with its row: the row's id is its place here, from 1 on. */
const ROWS = TYPES.flatMap(({ type, kind, values, aside = [] }, index) => [
  ...values.map((value) => ({ type, kind, value, column: column(index), kept: true })),
  ...aside.map((value) => ({ type, kind, value, column: column(index), kept: false })),
]).map((row, index) => ({ ...row, id: index + 1 }));

const TARGET = nodeProgram('packages/target-snowflake-ts/bin/target-snowflake-ts.js');
const TAP = pythonProgram('peer-tap-postgres', 'tap-postgres');

describe('PostgreSQL through tap-postgres', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'postgres-'));
  const file = (name: string, value: unknown): string => {
    writeFileSync(path.join(folder, name), JSON.stringify(value));
    return path.join(folder, name);
  };
  let database: PGlite;
  let server: PGLiteSocketServer;
  let snowflake: LocalSnowflake;
  let client: SnowflakeClient;

  /** What tap-postgres writes of a table. */
  async function messagesOf(table: string): Promise<string> {
    const url = `postgresql://postgres:postgres@${server.getServerConn()}/postgres`;
    const config = file('tap.json', { sqlalchemy_url: url, filter_schemas: ['public'] });
    const catalog = JSON.parse(await run([TAP, '--config', config, '--discover'])) as {
      streams: { tap_stream_id: string; metadata: { breadcrumb: string[]; metadata: object }[] }[];
    };
    for (const { tap_stream_id, metadata } of catalog.streams)
      for (const one of metadata)
        if (one.breadcrumb.length === 0) Object.assign(one.metadata, { selected: tap_stream_id === `public-${table}` });
    return run([TAP, '--config', config, '--catalog', file('catalog.json', catalog)]);
  }

  const load = (messages: string, schema: string, settings: object): Promise<Ended> => {
    const { host, port } = snowflake;
    const account = { account: 'local', user: 'local', password: 'local', host, port, protocol: 'http' };
    const place = { database: 'SEVDESK', default_target_schema: schema, warehouse: 'LOCAL' };
    return runToEnd([...TARGET, '--config', file('target.json', { ...account, ...place, ...settings })], {
      input: messages,
    });
  };

  /** The rows of `EVERY_TYPE` as text, by id. */
  async function loaded(schema: string): Promise<Map<number, Record<string, string | null>>> {
    const columns = TYPES.map(({ kind }, index) => `${kind.snowflake(column(index))} as ${column(index)}`);
    const rows = await client.query(`select id, ${columns.join(', ')} from SEVDESK.${schema}.EVERY_TYPE`);
    return new Map(
      rows.map((row) => [
        Number(row['ID']),
        Object.fromEntries(TYPES.map((_, i) => [column(i), row[column(i).toUpperCase()] as string | null])),
      ]),
    );
  }

  const quarantined = async (schema: string): Promise<Map<number, string>> => {
    const rows = await client.query(
      `select parse_json(record):id::int as id, property, reason from SEVDESK.${schema}._SDC_QUARANTINE`,
    );
    return new Map(rows.map(({ ID, PROPERTY, REASON }) => [Number(ID), `${String(PROPERTY)} ${String(REASON)}`]));
  };

  beforeAll(async () => {
    database = await PGlite.create();
    await database.exec(`
      set time zone 'UTC';
      create type mood as enum ('sad', 'ok');
      create domain cents as numeric(12,2);
      create table every_type (id bigint primary key, ${TYPES.map(({ type }, i) => `${column(i)} ${type}`).join(', ')});
      create table long_numbers (id bigint primary key, v numeric(38,10));
      insert into long_numbers values (1, 0.5), (2, 1234567890123456789012345678.0123456789);`);
    for (const { id, column, type, value } of ROWS)
      await database.query(`insert into every_type (id, ${column}) values (${String(id)}, $1::text::${type})`, [value]);
    server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port: 0, maxConnections: 10 });
    await server.start();
    snowflake = await startLocalSnowflake();
    client = await connect(snowflake, { database: 'SEVDESK' });
  });
  afterAll(async () => {
    await client.close();
    await snowflake.stop();
    await server.stop();
    await database.close();
    rmSync(folder, { recursive: true });
  });

  it('arrives value by value, or is put aside by name', async () => {
    const { code, stderr } = await load(await messagesOf('every_type'), 'EXACT', {
      number_type: 'decfloat',
      on_invalid_record: 'quarantine',
    });
    expect([code, /ERROR.*/.exec(stderr)?.[0]]).toEqual([0, undefined]);
    const [rows, aside] = [await loaded('EXACT'), await quarantined('EXACT')];
    const wrong: unknown[] = [];
    for (const { id, column, type, value, kind, kept } of ROWS) {
      const [source] = (
        await database.query<{ text: string }>(
          `select ${kind.postgres(column)} as text from every_type where id = ${String(id)}`,
        )
      ).rows;
      const found = rows.get(id)?.[column];
      const right = kept
        ? typeof found === 'string' && JSON.stringify(kind.same(found)) === JSON.stringify(kind.same(source!.text))
        : found === undefined && aside.get(id)?.startsWith(column) === true;
      if (!right) wrong.push({ type, value: value.slice(0, 80), found, put: aside.get(id) });
    }
    expect(wrong).toEqual([]);
    expect(rows.size + aside.size).toBe(ROWS.length);
  });

  it('is refused by line and property where FLOAT would round, with what to set', async () => {
    const { code, stderr } = await load(await messagesOf('long_numbers'), 'ROUNDED', {});
    expect(code).toBe(1);
    expect(stderr).toMatch(/line 3: stream "public-long_numbers", property "v": .* FLOAT .*"number_type" to decfloat/);
  });
});
