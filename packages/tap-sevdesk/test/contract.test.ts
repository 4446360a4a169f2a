import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileRecordValidator, type JsonSchema } from '@singer-io-ts/sdk';
import { parse as parseYaml } from 'yaml';
import { startLocalSevdesk } from '../../../test/support/local-sevdesk.js';
import { BufferPool } from '../src/api/buffer-pool.js';
import { FieldTable } from '../src/api/field-table.js';
import { compileShape } from '../src/api/record-shape.js';
import { scanPage } from '../src/api/scan-page.js';
import { loadSchema } from '../src/schema/load-schema.js';
import { lostFields, type Wire } from './support/lost-fields.js';
import { TapProcess } from './support/tap-process.js';
import { Warehouse } from './support/warehouse.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const fixtures = path.join(root, 'fixtures/sevdesk');
// The published description and real answers lie beside a development checkout; without them the tests below still hold
// by the extract and the fixtures that are part of the project.
const reference = path.join(root, '../shared/reference/sevdesk');
const hasReference = existsSync(reference);
const withReference = hasReference ? it : it.skip;
if (!hasReference) process.stderr.write('skipped: tests against the published description, which is not here\n');

interface Requests {
  everywhere: Record<string, Parameter>;
  paths: Record<string, { published: Record<string, Parameter> | null; prose?: Record<string, Parameter> }>;
}
interface Parameter {
  type?: string;
  enum?: (string | number)[];
  minimum?: number;
  maximum?: number;
}
const requests = JSON.parse(readFileSync(path.join(root, 'schemas/sevdesk-requests.json'), 'utf8')) as Requests;

/** What is wrong with a request by the description, if anything. */
function faultsOf(endpoint: string, query: string): string[] {
  const allowed = requests.paths[endpoint];
  if (!allowed) return [`${endpoint} is not described`];
  const parameters: Record<string, Parameter> = { ...requests.everywhere, ...allowed.published, ...allowed.prose };
  return [...new URLSearchParams(query)].flatMap(([name, value]) => {
    const parameter = parameters[name];
    if (!parameter) return [`${endpoint} has no parameter ${name}`];
    const number = Number(value);
    const fits =
      (parameter.type === 'integer' && /^-?\d+$/.test(value)) ||
      (parameter.type === 'number' && /^-?\d+(\.\d+)?$/.test(value)) ||
      (parameter.type === 'boolean' && /^(true|false)$/.test(value)) ||
      parameter.type === 'string';
    const within = number >= (parameter.minimum ?? -Infinity) && number <= (parameter.maximum ?? Infinity);
    const listed = parameter.enum === undefined || parameter.enum.map(String).includes(value);
    return fits && listed && (within || Number.isNaN(number))
      ? []
      : [`${endpoint}: ${name}=${value} is not what it takes`];
  });
}

/** Serves recorded answers, lets the tap read all of them, and answers what it wrote and asked. */
async function readAll(location: string): Promise<{ warehouse: Warehouse; asked: { path: string; query: string }[] }> {
  const sevdesk = await startLocalSevdesk({ args: ['--fixtures', location] });
  const tap = new TapProcess({ api_key: sevdesk.token, api_url: sevdesk.url, max_requests_per_second: 0 });
  try {
    const { code, lines, stderr } = await tap.run();
    expect([code, /ERROR.*/.exec(stderr)?.[0]]).toEqual([0, undefined]);
    const { log } = (await sevdesk.admin('GET', '/stats')) as { log: { path: string; query: string }[] };
    return { warehouse: new Warehouse().apply(lines), asked: log };
  } finally {
    tap.remove();
    await sevdesk.stop();
  }
}

const STREAMS: Record<string, string> = {
  Invoice: 'invoices',
  Contact: 'contacts',
  ContactAddress: 'contact_addresses',
  InvoicePos: 'invoice_positions',
  StaticCountry: 'static_countries',
  CreditNote: 'credit_notes',
  CreditNotePos: 'credit_note_positions',
  Order: 'orders',
  OrderPos: 'order_positions',
  Voucher: 'vouchers',
  VoucherPos: 'voucher_positions',
  CheckAccount: 'check_accounts',
  CheckAccountTransaction: 'check_account_transactions',
  Part: 'parts',
  Tag: 'tags',
  TagRelation: 'tag_relations',
  CommunicationWay: 'communication_ways',
  PaymentMethod: 'payment_methods',
  AccountingContact: 'accounting_contacts',
  Unity: 'unities',
  Category: 'categories',
};

function expectKept(file: string, warehouse: Warehouse): void {
  const endpoint = path.basename(file).split('.')[0] ?? '';
  const stream = STREAMS[endpoint] ?? '';
  const { objects } = JSON.parse(readFileSync(file, 'utf8')) as { objects: Wire[] };
  expect(objects.length).toBeGreaterThan(0);
  const validate = compileRecordValidator(stream, warehouse.schemas.get(stream) as JsonSchema);
  for (const [i, object] of objects.entries()) {
    const record = warehouse.table(stream).get(object.id)?.record;
    expect({ file: path.basename(file), id: object.id, found: record !== undefined }).toMatchObject({ found: true });
    expect({
      id: object.id,
      lost: lostFields(object, record!, endpoint === 'CheckAccount' ? ['pin', 'checkAccId'] : []),
    }).toEqual({ id: object.id, lost: [] });
    validate(record!, i + 1);
  }
}

describe('the contract with the service', () => {
  it('keeps every field and value of the recorded answers, as records that fit the schemas', async () => {
    const files = readdirSync(fixtures).filter((name) => name.endsWith('.json'));
    expect(files.map((name) => name.split('.')[0]).sort()).toEqual(Object.keys(STREAMS).sort());
    const { warehouse } = await readAll(fixtures);
    for (const file of files) expectKept(path.join(fixtures, file), warehouse);
  });

  withReference(
    'keeps every field and value of the captured answers of the live service',
    async () => {
      const captures = path.join(reference, 'captures');
      const files = readdirSync(captures).filter((name) => name.endsWith('.json') && !name.startsWith('error'));
      expect(files.length).toBeGreaterThan(5);
      for (const file of files) {
        const { warehouse } = await readAll(path.join(captures, file));
        expectKept(path.join(captures, file), warehouse);
      }
    },
    120_000,
  );

  it('copies what the service sends as bytes, for every kind of object', async () => {
    const sevdesk = await startLocalSevdesk({ invoices: 150, seed: 8 });
    try {
      for (const [endpoint, stream] of Object.entries(STREAMS)) {
        const response = await fetch(`${sevdesk.url}/${endpoint}?limit=500&countAll=true&showAll=true&depth=1`, {
          headers: { Authorization: sevdesk.token },
        });
        const body = Buffer.from(await response.arrayBuffer());
        const shape = compileShape(loadSchema(stream));
        // The slower way would do, at several times the cost, and nobody would notice.
        const page = scanPage(body, new FieldTable(shape), new BufferPool());
        expect({ endpoint, rows: page?.rows.length }).toEqual({ endpoint, rows: Math.min(500, page?.total ?? -1) });
      }
    } finally {
      await sevdesk.stop();
    }
  });

  it('asks only for what the description of the API has', async () => {
    const sevdesk = await startLocalSevdesk({ invoices: 300, seed: 5 });
    const tap = new TapProcess({
      api_key: sevdesk.token,
      api_url: sevdesk.url,
      max_requests_per_second: 0,
      page_size: 40,
      start_date: '2023-01-01',
    });
    try {
      const warehouse = new Warehouse().apply((await tap.run()).lines);
      // The lines of a few changed documents are asked for one document at a time.
      const [id] = [...warehouse.table('invoices').keys()];
      await sevdesk.admin('POST', '/edit', {
        edits: [{ op: 'update', model: 'Invoice', id, fields: { header: 'changed' } }],
      });
      await sevdesk.admin('PUT', '/clock', { advanceSeconds: 600 });
      const few = await tap.run({ state: warehouse.state });
      expect(few.code).toBe(0);
      await sevdesk.admin('POST', '/edit-random', { count: 120, seed: 1, mix: { update: 1 } });
      await sevdesk.admin('PUT', '/clock', { advanceSeconds: 25 * 3600 });
      expect((await tap.run({ state: warehouse.apply(few.lines).state })).code).toBe(0);
      const { log } = (await sevdesk.admin('GET', '/stats')) as { log: { path: string; query: string }[] };
      const names = new Set(log.flatMap(({ query }) => [...new URLSearchParams(query).keys()]));
      for (const filter of [
        'updateAfter',
        'updateBefore',
        'createAfter',
        'createBefore',
        'showAll',
        'depth',
        'invoice[id]',
      ])
        expect(names).toContain(filter);
      expect(log.flatMap(({ path: asked, query }) => faultsOf(asked.replace(/^\/api\/v1/, ''), query))).toEqual([]);
    } finally {
      tap.remove();
      await sevdesk.stop();
    }
  });

  it.each([
    ['a mistyped filter', '/Invoice', 'updatedAfter=1', '/Invoice has no parameter updatedAfter'],
    ['a filter of another endpoint', '/InvoicePos', 'updateAfter=1', '/InvoicePos has no parameter updateAfter'],
    [
      'a date where seconds belong',
      '/Invoice',
      'updateAfter=2026-01-01',
      '/Invoice: updateAfter=2026-01-01 is not what it takes',
    ],
    ['a page that is too large', '/Tag', 'limit=1001', '/Tag: limit=1001 is not what it takes'],
    ['a depth that there is not', '/Contact', 'depth=2', '/Contact: depth=2 is not what it takes'],
  ])('would notice %s', (_what, endpoint, query, fault) => {
    expect(faultsOf(endpoint, query)).toEqual([fault]);
  });

  withReference('checks requests by an extract that agrees with the published description', () => {
    const text = readFileSync(path.join(reference, 'openapi.yaml'), 'utf8');
    const { paths, tags } = parseYaml(text) as {
      paths: Record<string, { get?: { parameters?: { in: string; name: string; schema: Parameter }[] } }>;
      tags: { name: string; description: string }[];
    };
    for (const [endpoint, { published, prose = {} }] of Object.entries(requests.paths)) {
      const described = paths[endpoint]?.get;
      if (!described) {
        expect({ endpoint, published }).toEqual({ endpoint, published: null });
        continue;
      }
      const parameters = (described.parameters ?? []).filter((parameter) => parameter.in === 'query');
      expect({ endpoint, names: Object.keys(published ?? {}) }).toEqual({
        endpoint,
        names: parameters.map(({ name }) => name),
      });
      for (const { name, schema } of parameters) expect(published?.[name]?.type).toBe(schema.type);
      const tag = tags.find(({ name }) => name === endpoint.slice(1));
      for (const filter of Object.keys(prose)) expect(tag?.description).toContain(`${filter}=`);
    }
  });

  it('writes anonymised answers that a local service can serve', async () => {
    const sevdesk = await startLocalSevdesk({ invoices: 120, seed: 9 });
    const tap = new TapProcess({ api_key: sevdesk.token, api_url: sevdesk.url, max_requests_per_second: 0 });
    const folder = mkdtempSync(path.join(tmpdir(), 'tap-sevdesk-record-'));
    try {
      expect((await tap.run({ args: ['--record', folder] })).code).toBe(0);
      const recorded = Object.fromEntries(
        readdirSync(folder).map((name) => [
          name.replace('.json', ''),
          JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as { objects: Wire[] },
        ]),
      );
      expect(Object.keys(recorded).sort()).toEqual(Object.keys(STREAMS).sort());

      // No name, address, account or document number of the company is left.
      const everything = JSON.stringify(recorded);
      for (const [model, fields] of [
        ['Contact', ['id', 'name', 'surename', 'familyname', 'customerNumber', 'vatNumber', 'bankNumber']],
        ['ContactAddress', ['street', 'city']],
        ['Invoice', ['id', 'invoiceNumber', 'address', 'header', 'addressName']],
        ['CommunicationWay', ['value']],
        ['CheckAccount', ['iban', 'pin', 'checkAccId']],
      ] as const) {
        const { objects } = (await sevdesk.admin('GET', `/dump/${model}`)) as {
          objects: Record<string, string | null>[];
        };
        for (const object of objects) {
          for (const field of fields) {
            const value = object[field];
            if (typeof value === 'string' && value.length > 5)
              expect(everything.includes(JSON.stringify(value).slice(1, -1))).toBe(false);
          }
        }
      }
      // The same value has the same pseudonym everywhere, and every time.
      const [line] = recorded['InvoicePos']?.objects ?? [];
      expect(line?.['invoice']).toMatchObject({ objectName: 'Invoice' });
      const again = mkdtempSync(path.join(folder, 'again-'));
      await tap.run({ args: ['--record', again] });
      expect(readFileSync(path.join(again, 'Invoice.json'), 'utf8')).toBe(
        readFileSync(path.join(folder, 'Invoice.json'), 'utf8'),
      );

      const { warehouse } = await readAll(folder);
      expect(warehouse.table('invoices').size).toBe(recorded['Invoice']?.objects.length);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      tap.remove();
      await sevdesk.stop();
    }
  });

  it('reports fields that the schemas do not name', async () => {
    const sevdesk = await startLocalSevdesk({ invoices: 20, seed: 2 });
    const tap = new TapProcess({ api_key: sevdesk.token, api_url: sevdesk.url, max_requests_per_second: 0 });
    try {
      expect((await tap.run({ args: ['--test=schema'] })).code).toBe(0);
      const { objects } = (await sevdesk.admin('GET', '/dump/Contact')) as { objects: Wire[] };
      await sevdesk.admin('POST', '/edit', {
        edits: [{ op: 'update', model: 'Contact', id: objects[0]?.id, fields: { loyaltyTier: 'gold' } }],
      });
      await sevdesk.admin('PUT', '/clock', { advanceSeconds: 60 });
      const { code, stderr, lines } = await tap.run({ args: ['--test=schema'] });
      expect([code, lines]).toEqual([1, []]);
      expect(stderr).toContain('contacts.loyaltyTier');
      expect(stderr).not.toContain('gold');
      // Nothing of it is lost meanwhile.
      const records = [
        ...new Warehouse()
          .apply((await tap.run()).lines)
          .table('contacts')
          .values(),
      ];
      expect(
        records.filter(({ record }) => JSON.stringify(record['additional_fields']) === '{"loyaltyTier":"gold"}'),
      ).toHaveLength(1);
    } finally {
      tap.remove();
      await sevdesk.stop();
    }
  });
});
