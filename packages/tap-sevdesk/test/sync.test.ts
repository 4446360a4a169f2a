import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type LocalSevdesk, startLocalSevdesk } from '../../../test/support/local-sevdesk.js';
import { lostFields, type Wire } from './support/lost-fields.js';
import { TapProcess } from './support/tap-process.js';
import { Warehouse } from './support/warehouse.js';

interface Stats {
  calls: number;
  log: { path: string; query: string; status: number; records?: number }[];
}

let sevdesk: LocalSevdesk;
let tap: TapProcess;
let catalogOf: (...streams: string[]) => { streams: Record<string, unknown>[] };
const stats = async (): Promise<Stats> => (await sevdesk.admin('GET', '/stats')) as Stats;
const resetStats = (): Promise<unknown> => sevdesk.admin('DELETE', '/stats');
const fault = (...faults: object[]): Promise<unknown> => sevdesk.admin('POST', '/faults', { faults });
const edit = (...edits: object[]): Promise<unknown> => sevdesk.admin('POST', '/edit', { edits });
const advance = (seconds: number): Promise<unknown> => sevdesk.admin('PUT', '/clock', { advanceSeconds: seconds });

/** What the service holds, by id, with the field that tells versions of an object apart. */
async function truth(model: string): Promise<Map<string, unknown>> {
  return new Map((await objectsOf(model)).map(({ id, update }) => [id, update]));
}
async function objectsOf(model: string): Promise<Wire[]> {
  return ((await sevdesk.admin('GET', `/dump/${model}`)) as { objects: Wire[] }).objects;
}
const copy = (warehouse: Warehouse, stream: string): Map<string, unknown> =>
  new Map([...warehouse.table(stream)].map(([id, { record }]) => [id, updateOf(record)]));
/** Kinds without a date of change may get one all the same. */
const updateOf = (record: Record<string, unknown>): unknown =>
  record['update'] ?? (record['additional_fields'] as Record<string, unknown> | undefined)?.['update'];

beforeAll(async () => {
  sevdesk = await startLocalSevdesk({ invoices: 1200, seed: 7 });
  const discovery = new TapProcess({});
  const { lines } = await discovery.run({ args: ['--discover'] });
  discovery.remove();
  catalogOf = (...streams) => {
    const catalog = JSON.parse(lines.join('\n')) as { streams: Record<string, unknown>[] };
    return { streams: catalog.streams.filter(({ tap_stream_id: id }) => streams.includes(String(id))) };
  };
});
afterAll(async () => {
  await sevdesk.stop();
});
beforeEach(async () => {
  tap = new TapProcess({
    api_key: sevdesk.token,
    api_url: sevdesk.url,
    max_requests_per_second: 0,
    page_size: 100,
    max_retry_wait_seconds: 0.05,
  });
  await sevdesk.admin('DELETE', '/faults');
  await resetStats();
});
afterEach(() => tap.remove());

describe('tap-sevdesk', () => {
  it('copies every stream whole, then only what changed, then what was deleted', async () => {
    const warehouse = new Warehouse();
    const first = await tap.run();
    expect([first.code, first.stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
    warehouse.apply(first.lines);
    const models: Record<string, string> = {
      invoices: 'Invoice',
      contacts: 'Contact',
      contact_addresses: 'ContactAddress',
      invoice_positions: 'InvoicePos',
      static_countries: 'StaticCountry',
      credit_notes: 'CreditNote',
      credit_note_positions: 'CreditNotePos',
      orders: 'Order',
      order_positions: 'OrderPos',
      vouchers: 'Voucher',
      voucher_positions: 'VoucherPos',
      check_accounts: 'CheckAccount',
      check_account_transactions: 'CheckAccountTransaction',
      parts: 'Part',
      tags: 'Tag',
      tag_relations: 'TagRelation',
      communication_ways: 'CommunicationWay',
      payment_methods: 'PaymentMethod',
      accounting_contacts: 'AccountingContact',
      unities: 'Unity',
      categories: 'Category',
    };
    expect([...warehouse.schemas.keys()].sort()).toEqual(Object.keys(models).sort());
    for (const [stream, model] of Object.entries(models)) {
      const expected = await truth(model);
      expect(expected.size).toBeGreaterThan(0);
      expect({ stream, rows: copy(warehouse, stream) }).toEqual({ stream, rows: expected });
      const excluded = model === 'CheckAccount' ? ['pin', 'checkAccId'] : [];
      for (const object of await objectsOf(model)) {
        const lost = lostFields(object, warehouse.table(stream).get(object.id)?.record ?? {}, excluded);
        if (lost.length > 0) expect({ stream, id: object.id, lost }).toEqual({ stream, id: object.id, lost: [] });
      }
    }

    // Nothing new: at most two requests for a stream whose list fits a page, and no record.
    await advance(600);
    await resetStats();
    const size = { page_size: 1000 };
    const quiet = await tap.run({ state: warehouse.state, config: size });
    expect(quiet.lines.filter((line) => line.includes('"RECORD"'))).toEqual([]);
    const calls = (await stats()).log.map(({ path }) => path);
    for (const stream of Object.values(models)) {
      const parents = ['InvoicePos', 'OrderPos', 'VoucherPos'].includes(stream);
      if (!parents)
        expect({ stream, calls: calls.filter((path) => path.endsWith(`/${stream}`)).length <= 4 }).toEqual({
          stream,
          calls: true,
        });
    }
    // One for each incremental stream, which its child stream need not repeat; the pages of each list.
    expect(calls.filter((path) => path.endsWith('/Invoice'))).toHaveLength(1);
    expect(calls.filter((path) => path.endsWith('/InvoicePos'))).toHaveLength(0);
    expect(calls.filter((path) => path.endsWith('/Tag'))).toHaveLength(1);
    warehouse.apply(quiet.lines);

    // A changed invoice comes with its lines; a new tag with the list of tags; nothing else.
    const invoice = [...warehouse.table('invoices').keys()][5] ?? '';
    await edit(
      { op: 'update', model: 'Invoice', id: invoice, fields: { header: 'changed' } },
      { op: 'insert', model: 'Tag', fields: { name: 'new' } },
    );
    await advance(600);
    const second = await tap.run({ state: warehouse.state, config: size });
    const changes = new Warehouse().apply(second.lines);
    expect([...changes.table('invoices')].map(([id, { record }]) => [id, record['header']])).toEqual([
      [invoice, 'changed'],
    ]);
    const lines = [...changes.table('invoice_positions').values()].map(({ record }) => record['invoice_id']);
    expect(new Set(lines)).toEqual(new Set([invoice]));
    expect(changes.table('tags').size).toBe(1);
    expect([...changes.received.keys()].sort()).toEqual(['invoice_positions', 'invoices', 'tags']);
    warehouse.apply(second.lines);

    // Deletions: at once where whole lists are read, after a full sync otherwise.
    const draft = [...warehouse.table('invoices').keys()][9] ?? '';
    const tag = [...warehouse.table('tags').keys()][0] ?? '';
    await edit({ op: 'delete', model: 'Invoice', id: draft }, { op: 'delete', model: 'Tag', id: tag });
    await advance(600);
    warehouse.apply((await tap.run({ state: warehouse.state, config: size })).lines);
    expect(warehouse.table('tags').has(tag)).toBe(false);
    expect(warehouse.table('invoices').has(draft)).toBe(true);
    await advance(24 * 3600);
    warehouse.apply((await tap.run({ state: warehouse.state, config: size })).lines);
    for (const [stream, model] of Object.entries(models)) {
      expect({ stream, rows: copy(warehouse, stream) }).toEqual({ stream, rows: await truth(model) });
    }
  });

  it('never extracts what is secret', async () => {
    const { lines } = await tap.run({ catalog: catalogOf('check_accounts') });
    const accounts = [...new Warehouse().apply(lines).table('check_accounts').values()];
    expect(accounts.length).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toMatch(/"(pin|checkAccId)/);
  });

  it('takes off what the catalog does not select', async () => {
    const catalog = catalogOf('contacts');
    const metadata = catalog.streams[0]?.['metadata'] as { breadcrumb: string[]; metadata: Record<string, unknown> }[];
    for (const node of metadata) if (node.breadcrumb[1] === 'bankAccount') node.metadata['selected'] = false;
    const { lines } = await tap.run({ catalog });
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.join('\n')).not.toContain('bankAccount');
    expect(lines.join('\n')).toContain('customerNumber');
  });

  it('killed in the middle of a first sync, goes on and asks for no finished slice again', async () => {
    const catalog = catalogOf('invoices');
    await sevdesk.admin('PUT', '/latency', { latencyMs: 20 });
    try {
      const child = tap.start({ catalog, config: { page_size: 20, concurrency: 3 } });
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout! })) {
        lines.push(line);
        if (lines.filter((text) => text.includes('"STATE"')).length === 12) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      // What the target got until its last STATE.
      const warehouse = new Warehouse().apply(
        lines.slice(0, lines.findLastIndex((line) => line.includes('"STATE"')) + 1),
      );
      const written = warehouse.received.get('invoices') ?? 0;
      expect(written).toBeGreaterThan(0);
      expect(written).toBeLessThan(1200);
      const second = await tap.run({ catalog, state: warehouse.state, config: { page_size: 20, concurrency: 3 } });
      expect(second.code).toBe(0);
      warehouse.apply(second.lines);
      expect(copy(warehouse, 'invoices')).toEqual(await truth('Invoice'));
      expect(warehouse.received.get('invoices')).toBe((await truth('Invoice')).size);
    } finally {
      await sevdesk.admin('PUT', '/latency', { latencyMs: 0 });
    }
  });

  it('is complete after faults of every kind on one call in seven, with edits while it pages', async () => {
    const catalog = catalogOf('invoices', 'invoice_positions', 'tags', 'contacts');
    const kinds = ['reset', 'cut', 'html200', 'error200', 'objectsNull', 'wrongTypes', 'duplicateIds'];
    for (const [i, kind] of kinds.entries()) await fault({ kind, probability: 1 / 60, seed: 11 + i });
    await fault(
      { kind: 'status', status: 500, probability: 1 / 60, seed: 3 },
      { kind: 'status', status: 503, retryAfter: 1, probability: 1 / 60, seed: 4 },
      { kind: 'status', status: 429, retryAfter: 'soon', probability: 1 / 60, seed: 5 },
    );
    const warehouse = new Warehouse();
    await sevdesk.admin('POST', '/paging-edits', { every: 2, count: 2, seed: 5, advanceSeconds: 1 });
    try {
      const first = await tap.run({ catalog, config: { page_size: 50, max_retries: 9 } });
      expect([first.code, /ERROR.*/.exec(first.stderr)?.[0]]).toEqual([0, undefined]);
      warehouse.apply(first.lines);
    } finally {
      await sevdesk.admin('DELETE', '/paging-edits');
    }
    await advance(60);
    const second = await tap.run({ catalog, state: warehouse.state, config: { page_size: 50, max_retries: 9 } });
    expect(second.code).toBe(0);
    warehouse.apply(second.lines);
    const copied = copy(warehouse, 'invoices');
    const missing = [...(await truth('Invoice'))].filter(([id, update]) => copied.get(id) !== update);
    expect(missing).toEqual([]);
    expect(copy(warehouse, 'contacts')).toEqual(await truth('Contact'));
    expect(copy(warehouse, 'tags')).toEqual(await truth('Tag'));
  });

  it.each([
    ['401', 3, 'TAP_SEVDESK_API_KEY', { kind: 'status', status: 401 }],
    ['403', 1, 'deselect the stream', { kind: 'status', status: 403 }],
  ])(
    'tries once after a %s in the middle, keeps its state, and says what to do',
    async (_status, exitCode, advice, rule) => {
      const catalog = catalogOf('invoices', 'contacts');
      await fault({ ...rule, path: 'Contact' });
      const { code, lines, stderr } = await tap.run({ catalog });
      expect(code).toBe(exitCode);
      const refused = (await stats()).log.filter(({ status }) => status !== 200);
      expect(refused).toHaveLength(1);
      const { state, received } = new Warehouse().apply(lines);
      expect(received.get('invoices')).toBe((await truth('Invoice')).size);
      expect(state).toMatchObject({ bookmarks: { invoices: { replication_key: 'update' } } });
      const errors = stderr.split('\n').filter((line) => line.includes('ERROR'));
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain(advice);
      expect(stderr).not.toContain(sevdesk.token);
      expect(stderr).not.toMatch(/\n\s+at /);
    },
  );

  it.each([
    ['a hang', { kind: 'hang' }, 'did not complete its response'],
    ['a dripping body', { kind: 'drip', intervalMs: 20 }, 'did not complete its response'],
    ['an error with status 200', { kind: 'error200' }, 'but an error (code'],
    ['"objects": null', { kind: 'objectsNull' }, 'has no list "objects"'],
    ['HTML with status 200', { kind: 'html200' }, 'HTML'],
    ['wrong types', { kind: 'wrongTypes' }, 'the response to GET /Invoice'],
    ['a total that is far off', { kind: 'totalLies', by: 40 }, 'never added up'],
    ['ignored filters', { kind: 'ignoreFilters' }, 'ignored the filter'],
  ])(
    'fails with one line and keeps the bookmark when the service keeps answering with %s',
    async (_what, rule, message) => {
      const catalog = catalogOf('invoices');
      const state = {
        bookmarks: {
          invoices: {
            format: 2,
            replication_key: 'update',
            replication_key_value: '2026-10-01T00:00:00Z',
            full_sync_at: '2026-10-01T00:00:00Z',
            version: 7,
          },
        },
      };
      await fault(rule);
      const { code, lines, stderr } = await tap.run({
        catalog,
        state,
        config: { max_retries: 1, request_timeout_seconds: 0.3 },
      });
      expect(code).toBe(1);
      const errors = stderr.split('\n').filter((line) => line.includes('ERROR'));
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain(message);
      expect(stderr).not.toMatch(/\n\s+at |Authorization|updateAfter=/);
      // The bookmark may move over what did add up before, but not past what did not; and over entries that have no id, with a warning.
      if (/never added up|no object with "id"/.test(errors[0] ?? '')) return;
      const states = lines.filter((line) => line.includes('"STATE"'));
      expect(states.filter((line) => !line.includes('2026-10-01T00:00:00Z'))).toEqual([]);
    },
  );

  it('ends with what it has when asked to, and when its reader has gone', async () => {
    const catalog = catalogOf('invoices');
    await sevdesk.admin('PUT', '/latency', { latencyMs: 30 });
    try {
      const stopped = tap.start({ catalog, config: { page_size: 20 } });
      const lines: string[] = [];
      let stderr = '';
      stopped.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      for await (const line of createInterface({ input: stopped.stdout! })) {
        lines.push(line);
        if (line.includes('"finished"') && !stopped.killed) stopped.kill('SIGTERM');
      }
      if (stopped.exitCode === null) await once(stopped, 'exit');
      expect(stopped.exitCode).toBe(1);
      expect(stderr).toContain('the next run continues from the state written last');
      expect(() => lines.map((line) => JSON.parse(line) as unknown)).not.toThrow();

      const orphan = tap.start({ catalog, config: { page_size: 20 } });
      let complaint = '';
      orphan.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
      orphan.stdout?.once('data', () => orphan.stdout?.destroy());
      const [code] = (await once(orphan, 'exit')) as [number];
      expect(code).toBe(1);
      expect(complaint.split('\n').filter((line) => line.includes('ERROR'))).toHaveLength(1);
      expect(complaint).not.toMatch(/\n\s+at /);
    } finally {
      await sevdesk.admin('PUT', '/latency', { latencyMs: 0 });
    }
  });
});
