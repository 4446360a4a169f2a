import { readFileSync } from 'node:fs';
import { type JsonSchema, parseJson } from '@singer-io-ts/sdk';
import fc from 'fast-check';
import { BufferPool } from './buffer-pool.js';
import { decodePage } from './decode-page.js';
import { FieldTable } from './field-table.js';
import { recordText } from './page.js';
import { compileShape } from './record-shape.js';
import { scanPage } from './scan-page.js';

const schema = JSON.parse(
  readFileSync(new URL('../../../../schemas/sevdesk/invoices.json', import.meta.url), 'utf8'),
) as JsonSchema;
const shape = compileShape(schema, {
  excluded: ['pin'],
  parentField: 'contact',
});

/** Shared, so that what an earlier page left in a buffer would be noticed. */
const pool = new BufferPool();

interface Plain {
  id: string;
  created: number | undefined;
  updated: number | undefined;
  parentId: string | undefined;
  record: unknown;
}
const plain = ({ total, rows }: ReturnType<typeof decodePage>): { total: number | undefined; rows: Plain[] } => ({
  total,
  rows: rows.map((row) => {
    const { id, created, updated, parentId } = row;
    return { id, created, updated, parentId, record: JSON.parse(recordText(row)) as unknown };
  }),
});
const slowly = (body: Buffer): ReturnType<typeof plain> | undefined => {
  try {
    return plain(decodePage(parseJson(body.toString()), '/Invoice', shape));
  } catch {
    return undefined;
  }
};
const quickly = (body: Buffer, fields = new FieldTable(shape)): ReturnType<typeof plain> | undefined => {
  const page = scanPage(body, fields, pool);
  const read = page && plain(page);
  page?.release();
  return read;
};

const instant = fc
  .tuple(
    fc.date({ min: new Date('1995-01-01'), max: new Date('2039-01-01'), noInvalidDate: true }),
    fc.constantFrom('+01:00', '+02:00', '-05:30', 'Z'),
  )
  .map(([date, offset]) => `${date.toISOString().slice(0, 19)}${offset}`);
const id = fc.oneof(fc.integer({ min: 1, max: 2 ** 31 }).map(String), fc.integer({ min: 1, max: 2 ** 31 }));
const reference = fc.oneof(
  fc.constant(null),
  fc.record({
    id: fc.oneof(fc.nat().map(String), fc.constant(null)),
    objectName: fc.constantFrom('Contact', 'Ü"ber', null),
  }),
  fc.record({ id: fc.nat(), objectName: fc.constant('Contact') }),
  fc.record({ id: fc.nat().map(String), objectName: fc.constant('Contact'), name: fc.string() }),
);
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('Müller & Söhne\nHauptstraße 1', 'a\\b"c', '€ 𝄞', ''),
  fc.constantFrom(null, true, false, 0, -1, 39.2, 1e21, 1e-7),
  fc.jsonValue({ maxDepth: 2 }),
);
const invoice = fc
  .record(
    {
      id,
      create: instant,
      update: instant,
      header: anything,
      paidAmount: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null), fc.string()),
      contact: reference,
      origin: reference,
      pin: anything,
      newField: anything,
      'strange "key"': anything,
      sumGross: anything,
    },
    { requiredKeys: ['id', 'create', 'update'] },
  )
  .chain((object) => fc.shuffledSubarray(Object.entries(object), { minLength: Object.keys(object).length }))
  .map((entries) => Object.fromEntries(entries));
const page = fc
  .tuple(fc.array(invoice, { maxLength: 4 }), fc.nat(), fc.boolean())
  .map(([objects, total, early]) =>
    Buffer.from(JSON.stringify(early ? { total: String(total), objects } : { objects, total: String(total) })),
  );

describe('scanPage', () => {
  it('agrees with the parser wherever it does not leave a page to it', () => {
    let scanned = 0;
    fc.assert(
      fc.property(page, (body) => {
        const quick = quickly(body);
        if (!quick) return;
        scanned += 1;
        expect(quick).toEqual(slowly(body));
      }),
      { numRuns: 3000 },
    );
    expect(scanned).toBeGreaterThan(300);
  });

  it('never makes a page of what the parser refuses, wherever an answer is cut or spoilt', () => {
    fc.assert(
      fc.property(
        page,
        fc.nat(),
        fc.nat({ max: 255 }),
        fc.constantFrom('cut', 'change', 'insert'),
        (body, where, byte, how) => {
          const at = where % body.length;
          const parts = {
            cut: [],
            change: [Buffer.from([byte]), body.subarray(at + 1)],
            insert: [Buffer.from([byte]), body.subarray(at)],
          };
          const spoilt = Buffer.concat([body.subarray(0, at), ...parts[how]]);
          const quick = quickly(spoilt);
          if (quick) expect(quick).toEqual(slowly(spoilt));
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('reads the answers of the service by itself, and keeps every number as it was written', () => {
    const object =
      '{"id":"7","create":"2026-10-25T02:30:00+02:00","update":"2026-10-25T02:30:00+01:00","contact":{"id":"9","objectName":"Contact"},"paidAmount":12345678901234567890.10}';
    const body = Buffer.from(`{"total":"2","objects":[${object},${object.replace('"7"', '"8"')}]}`);
    const rows = scanPage(body, new FieldTable(shape), pool)?.rows ?? [];
    expect(rows.map(({ id: rowId, created, updated, parentId }) => [rowId, created, updated, parentId])).toEqual([
      ['7', Date.UTC(2026, 9, 25, 0, 30) / 1000, Date.UTC(2026, 9, 25, 1, 30) / 1000, '9'],
      ['8', Date.UTC(2026, 9, 25, 0, 30) / 1000, Date.UTC(2026, 9, 25, 1, 30) / 1000, '9'],
    ]);
    expect(recordText(rows[0]!)).toBe(
      '{"id":"7","create":"2026-10-25T02:30:00+02:00","update":"2026-10-25T02:30:00+01:00","contact_id":"9","contact_objectName":"Contact","paidAmount":12345678901234567890.10}',
    );
  });

  it('leaves a page to the parser whose records have no room beside it', () => {
    const nulls = Array.from(
      { length: 200 },
      () =>
        '{"id":"7","create":"2026-10-25T02:30:00+02:00","update":"2026-10-25T02:30:00+02:00","addressCountry":null,"taxRule":null,"contactPerson":null,"paymentMethod":null,"costCentre":null,"createUser":null,"sevClient":null,"contact":null,"origin":null,"taxSet":null}',
    );
    const body = Buffer.from(`{"objects":[${nulls.join(',')}],"total":"200"}`);
    const quick = quickly(body);
    if (quick) expect(quick).toEqual(slowly(body));
    expect(slowly(body)?.rows).toHaveLength(200);
  });
});
