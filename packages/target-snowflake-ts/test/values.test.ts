import fc from 'fast-check';
import { useSandbox } from './support/sandbox.js';

// What goes in as JSON comes out of the warehouse equal.

const sandbox = useSandbox();

/** Sign, digits and exponent of a decimal, so that 1.50, 15e-1 and 1.5 are the same. */
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  return significant === ''
    ? '0'
    : `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** A JSON text with its numbers made canonical and its objects in the order of their keys. */
function canonicalJson(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[^"\d-]+|-/gsu) ?? [];
  const marked = tokens.map((token) => (/^-?\d/.test(token) ? `"number ${canonical(token)}"` : token)).join('');
  const sort = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sort);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sort(inner)]),
    );
  };
  return JSON.stringify(sort(JSON.parse(marked)));
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((value) => Buffer.from(value).toString() === value);
const digits = (count: number) => fc.stringMatching(new RegExp(`^[1-9]\\d{0,${count - 1}}$`));
const sign = fc.constantFrom('', '-');
const integer = fc.tuple(sign, digits(38)).map((parts) => parts.join(''));
const decimal = (whole: number, scale: number) =>
  fc
    .tuple(sign, fc.oneof(fc.constant('0'), digits(whole)), fc.stringMatching(new RegExp(`^\\d{1,${scale}}$`)))
    .map(([minus, before, after]) => `${minus}${before}.${after}`);
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 })
  .filter((value) => value === 0 || Math.abs(value) > 1e-300);
const instant = fc
  .tuple(
    fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
    fc.integer({ min: -14 * 4, max: 14 * 4 }),
  )
  .map(([at, quarters]) => {
    const offset = quarters * 15;
    const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1);
    const two = (n: number) => String(n).padStart(2, '0');
    const zone =
      offset === 0
        ? 'Z'
        : `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
    return { text: `${local}${zone}`, utc: at.toISOString() };
  });
const day = fc
  .date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const number = fc.oneof(integer, decimal(20, 17), fc.integer().map(String));
/** JSON text of any value, long numbers included. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false'),
    text.map((value) => JSON.stringify(value)),
    number,
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(text, tie('json')), { maxLength: 4, selector: ([key]) => key })
      .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
  ),
}));

const columns = {
  big: { schema: { type: ['null', 'integer'] }, arbitrary: integer },
  cents: { schema: { type: ['null', 'number'], multipleOf: 0.01 }, arbitrary: decimal(36, 2) },
  fine: {
    schema: { type: ['null', 'string'], format: 'x-singer.decimal', precision: 38, scale: 17 },
    arbitrary: decimal(21, 17).map((value) => JSON.stringify(value)),
  },
  float: { schema: { type: ['null', 'number'] }, arbitrary: double.map((value) => JSON.stringify(value)) },
  flag: { schema: { type: ['null', 'boolean'] }, arbitrary: fc.boolean().map(String) },
  word: { schema: { type: ['null', 'string'] }, arbitrary: text.map((value) => JSON.stringify(value)) },
  day: { schema: { type: ['null', 'string'], format: 'date' }, arbitrary: day.map((value) => JSON.stringify(value)) },
  tree: { schema: { type: ['null', 'object', 'array', 'string', 'number', 'boolean'] }, arbitrary: json },
} as const;
const names = Object.keys(columns) as (keyof typeof columns)[];

const record = fc.record({
  values: fc.record(
    Object.fromEntries(names.map((name) => [name, fc.option(columns[name].arbitrary, { nil: undefined })])),
  ),
  at: fc.option(instant, { nil: undefined }),
  bytes: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
});

/** The value in the table as comparable text; a JSON null on top is a missing value. */
function comparable(name: keyof typeof columns, value: string | null | undefined): string | null {
  if (value === undefined || value === null || value === 'null') return null;
  switch (name) {
    case 'big':
    case 'cents':
      return canonical(value);
    case 'fine':
      return canonical(value.replaceAll('"', ''));
    case 'float':
      return String(Number(value));
    case 'tree':
      return canonicalJson(value);
    case 'flag':
      return value.toLowerCase();
    default:
      return value;
  }
}

/** A stream with such a number shares nothing: a VARIANT column need not keep its digits. */
const LONG = {
  values: { tree: '[-9918706079.12875003]' } as Record<string, string | undefined>,
  at: undefined,
  bytes: undefined,
};
const withoutLongNumbers = <One extends { values: object }>(one: One): One => ({
  ...one,
  values: Object.fromEntries(
    Object.entries(one.values).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' && !value.startsWith('"') && /[\d.]{16}|e[+-]?\d{3}/.test(value) ? undefined : value,
    ]),
  ),
});

describe('values', () => {
  it('come out as they went in, from a table of their own and from one that they share with another stream', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 60, maxLength: 150 }), async (given) => {
        runs += 1;
        const shares = runs % 2 === 0;
        const config = { ...sandbox.fresh(), shared_copy_max_bytes: 10_000_000 };
        const records = shares ? given.map(withoutLongNumbers) : [...given, LONG];
        const schema = {
          type: 'object',
          properties: {
            id: { type: 'integer' },
            at: { type: ['null', 'string'], format: 'date-time' },
            bytes: { type: ['null', 'string'], contentEncoding: 'base64' },
            ...Object.fromEntries(names.map((name) => [name, columns[name].schema])),
          },
        };
        const lines = records.map(({ values, at, bytes }, id) => {
          const own = names.flatMap((name) =>
            values[name] === undefined ? [] : [`${JSON.stringify(name)}:${values[name]}`],
          );
          if (at) own.push(`"at":${JSON.stringify(at.text)}`);
          if (bytes) own.push(`"bytes":${JSON.stringify(Buffer.from(bytes).toString('base64'))}`);
          return `{"type":"RECORD","stream":"values","record":{"id":${id}${own.map((part) => `,${part}`).join('')}}}`;
        });
        const first = JSON.stringify({ type: 'SCHEMA', stream: 'values', key_properties: ['id'], schema });
        const other = [
          '{"type":"SCHEMA","stream":"other","key_properties":["id"],"schema":{"properties":{"id":{"type":"string"}}}}',
          '{"type":"RECORD","stream":"other","record":{"id":"no number"}}',
        ];
        await sandbox.load(config, `${[first, ...lines, ...other].join('\n')}\n`);
        expect(await sandbox.rows(config, 'OTHER', undefined, '"ID"')).toEqual([{ ID: 'no number' }]);
        const shown = names.map((name) =>
          name === 'day' ? `TO_VARCHAR("DAY", 'YYYY-MM-DD') "DAY"` : `"${name.toUpperCase()}"`,
        );
        const rows = await sandbox.rows(
          config,
          'VALUES',
          '"ID"',
          [...shown, `TO_VARCHAR("AT", 'YYYY-MM-DD"T"HH24:MI:SS.FF3') "AT"`, `HEX_ENCODE("BYTES") "BYTES"`].join(', '),
        );
        expect(rows).toHaveLength(records.length);
        records.forEach(({ values, at, bytes }, index) => {
          const row = rows[index]!;
          for (const name of names) {
            const sent =
              name === 'word' || name === 'day'
                ? values[name] === undefined
                  ? undefined
                  : (JSON.parse(values[name]) as string)
                : values[name];
            const got = row[name.toUpperCase()] as string | null;
            const wanted = name === 'word' ? (sent ?? null) : comparable(name, sent);
            expect([index, name, name === 'word' ? got : comparable(name, got)]).toEqual([index, name, wanted]);
          }
          expect(row['AT']).toBe(at ? at.utc.slice(0, -1) : null);
          expect(row['BYTES']).toBe(bytes ? Buffer.from(bytes).toString('hex').toUpperCase() : null);
        });
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

describe('upsert with a replication key', () => {
  it('leaves what applying the records one after the other leaves, wherever the cuts fall', async () => {
    const change = fc.record({
      id: fc.integer({ min: 0, max: 5 }),
      changed: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 20, maxLength: 60 }),
        fc.integer({ min: 3, max: 25 }),
        async (changes, batch_size_rows) => {
          const config = { ...sandbox.fresh(), batch_size_rows };
          const schema = {
            type: 'object',
            properties: { id: { type: 'integer' }, changed: { type: ['null', 'integer'] }, seq: { type: 'integer' } },
          };
          await sandbox.load(config, [
            { type: 'SCHEMA', stream: 'orders', key_properties: ['id'], bookmark_properties: ['changed'], schema },
            ...changes.map((one, seq) => ({ type: 'RECORD', stream: 'orders', record: { ...one, seq } })),
          ]);
          const wanted = new Map<number, { changed: number | null; seq: number }>();
          changes.forEach(({ id, changed }, seq) => {
            const have = wanted.get(id);
            const older =
              have?.changed !== undefined && have.changed !== null && changed !== null && changed < have.changed;
            if (!older) wanted.set(id, { changed, seq });
          });
          const rows = await sandbox.rows(config, 'ORDERS', '"ID"');
          expect(rows.map((row) => [Number(row['ID']), Number(row['SEQ'])])).toEqual(
            [...wanted].sort(([a], [b]) => a - b).map(([id, { seq }]) => [id, seq]),
          );
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  });
});
