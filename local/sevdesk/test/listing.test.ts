import type { LocalSevdesk, WireRecord } from '../../../test/support/local-sevdesk.js';
import { startLocalSevdesk } from '../../../test/support/local-sevdesk.js';

interface ListBody {
  total?: unknown;
  objects: WireRecord[];
}

let sevdesk: LocalSevdesk;
beforeAll(async () => {
  sevdesk = await startLocalSevdesk({ invoices: 1234 });
});
afterAll(() => sevdesk.stop());

const list = async (path: string): Promise<ListBody> => (await sevdesk.get(path)).body as ListBody;

it('answers a hundred records unless asked for another number', async () => {
  const body = await list('/Invoice?showAll=true');
  expect(body.objects).toHaveLength(100);
  expect(Object.keys(body)).toEqual(['objects']);
});

it('tells the total as text, and only when asked', async () => {
  expect((await list('/Invoice?showAll=true&countAll=true&limit=1')).total).toBe('1234');
});

it('pages by limit and offset without gap or overlap', async () => {
  const ids: unknown[] = [];
  for (let offset = 0; offset < 1300; offset += 500) {
    ids.push(...(await list(`/Invoice?showAll=true&limit=500&offset=${offset}`)).objects.map(({ id }) => id));
  }
  expect(new Set(ids).size).toBe(1234);
  expect(ids).toHaveLength(1234);
  expect((await list('/Invoice?showAll=true&offset=5000')).objects).toEqual([]);
});

it.each(['0', '1001', '-5', 'many', ''])('refuses a page of "%s" records', async (limit) => {
  const { status, body } = await sevdesk.get(`/Invoice?limit=${limit}`);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    objects: null,
    error: { responseCode: 400, message: 'The limit must be between 1 and 1000' },
  });
});

it('hides recurring invoices and reminders unless all types are asked for', async () => {
  const types = async (query: string): Promise<string[]> =>
    [
      ...new Set((await list(`/Invoice?limit=1000&${query}`)).objects.map((invoice) => String(invoice['invoiceType']))),
    ].sort();
  expect(await types('')).toEqual(['AR', 'ER', 'RE', 'SR', 'TR']);
  expect(await types('showAll=true')).toEqual(['AR', 'ER', 'MA', 'RE', 'SR', 'TR', 'WKR']);
  expect(await types('showMa=all')).toEqual(['AR', 'ER', 'MA', 'RE', 'SR', 'TR']);
  expect(await types('invoiceType=WKR')).toEqual(['WKR']);
});

it('hides persons unless the depth is 1', async () => {
  const [organisations, everybody] = [
    (await list('/Contact?limit=1000')).objects,
    (await list('/Contact?limit=1000&depth=1')).objects,
  ];
  expect(organisations.every(({ name }) => name !== null)).toBe(true);
  expect(everybody.filter(({ name, familyname }) => name === null && familyname !== null).length).toBe(
    everybody.length - organisations.length,
  );
  expect(everybody.length).toBeGreaterThan(organisations.length);
});

it('orders by creation when asked, and takes no notice of an order by id', async () => {
  const ordered = async (field: string, arrangement: string): Promise<string[]> =>
    (
      await list(`/Invoice?showAll=true&limit=300&orderBy[0][field]=${field}&orderBy[0][arrangement]=${arrangement}`)
    ).objects.map((invoice) => String(invoice['create']));
  const ascending = await ordered('create', 'asc');
  const instants = ascending.map((text) => Date.parse(text));
  expect(instants).toEqual([...instants].sort((left, right) => left - right));
  expect((await ordered('create', 'desc'))[0]).not.toBe(ascending[0]);
  expect(await ordered('id', 'desc')).toEqual(await ordered('id', 'asc'));
});

it('answers one record by its id, in a list', async () => {
  const [first] = (await list('/Invoice?limit=1')).objects;
  const { objects } = await list(`/Invoice/${String(first!['id'])}`);
  expect(objects).toEqual([first]);
});

it('puts whole records in the place of references that embed names', async () => {
  const [invoice] = (await list('/Invoice?limit=1&embed=contact,addressCountry,nothing')).objects;
  expect(invoice).toMatchObject({ contact: { objectName: 'Contact', customerNumber: expect.any(String) } });
  const [plain] = (await list('/Invoice?limit=1')).objects;
  expect(Object.keys(plain!['contact'] as object)).toEqual(['id', 'objectName']);
});

it('says like the service that a record does not exist', async () => {
  const { status, body } = await sevdesk.get('/CheckAccountTransaction/1');
  expect(status).toBe(404);
  expect(body).toEqual({
    error: {
      exceptionUUID: '00000000-0000-0000-0000-000000000000',
      message: 'No Model_CheckAccountTransaction with the id 1 was found',
      errorCode: 0,
      code: 151,
      data: [],
      responseCode: 404,
    },
    objects: null,
  });
});

it.each([undefined, 'wrong', 'ffffffffffffffffffffffffffffffff'])('refuses the token %s', async (token) => {
  const response = await fetch(`${sevdesk.url}/Invoice`, {
    headers: token === undefined ? {} : { Authorization: token },
  });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { message: 'Authentication required' }, objects: null });
});

it('lists the positions of an invoice below the invoice', async () => {
  const [invoice] = (await list('/Invoice?limit=1')).objects;
  const below = (await list(`/Invoice/${String(invoice!['id'])}/getPositions`)).objects;
  const filtered = (await list(`/InvoicePos?invoice[id]=${String(invoice!['id'])}&invoice[objectName]=Invoice`))
    .objects;
  expect(below).toEqual(filtered);
  expect(below.length).toBeGreaterThan(0);
});

it('bears a query that is wrongly encoded', async () => {
  expect((await sevdesk.get('/Invoice?limit=2&updateAfter=%E0%A4%A')).status).toBe(200);
});

it('tells the version of the bookkeeping system', async () => {
  expect((await sevdesk.get('/Tools/bookkeepingSystemVersion')).body).toEqual({ objects: { version: '2.0' } });
});

it('stamps answers with the server’s clock', async () => {
  await sevdesk.admin('PUT', '/clock', { now: '2026-12-24T18:00:00+01:00', frozen: true });
  expect((await sevdesk.get('/Invoice?limit=1')).headers.get('date')).toBe('Thu, 24 Dec 2026 17:00:00 GMT');
  await sevdesk.admin('PUT', '/clock', { advanceSeconds: 90 });
  expect((await sevdesk.get('/Unity')).headers.get('date')).toBe('Thu, 24 Dec 2026 17:01:30 GMT');
});
