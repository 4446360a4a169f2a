import type { LocalSevdesk } from '../../../test/support/local-sevdesk.js';
import { startLocalSevdesk } from '../../../test/support/local-sevdesk.js';

let sevdesk: LocalSevdesk;
beforeAll(async () => {
  sevdesk = await startLocalSevdesk({ invoices: 500 });
});
afterAll(() => sevdesk.stop());

it('answers a page of a hundred records unless asked for another size', async () => {
  const { status, body } = await sevdesk.get('/Invoice?showAll=true&countAll=true');
  expect(status).toBe(200);
  expect(body).toMatchObject({ total: '500' });
  expect((body as { objects: unknown[] }).objects).toHaveLength(100);
});
