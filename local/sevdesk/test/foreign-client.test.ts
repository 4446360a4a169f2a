import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startLocalSevdesk } from '../../../test/support/local-sevdesk.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const execute = promisify(execFile);

/** Reads through the client's own models, which were generated from the service's published description. */
const PROGRAM = `
import json, sys
from sevdesk import Client

client = Client(sys.argv[2], api_base=sys.argv[1])
invoices = client.invoice.getInvoices()
print(json.dumps({
    "invoices": [[invoice.id_, invoice.sumGross] for invoice in invoices],
    "byStatus": sorted({invoice.status for invoice in client.invoice.getInvoices(status=750)}),
    "positions": len(client.invoice.getInvoicePositionsById(invoiceId=int(invoices[0].id_))),
    "contacts": len(client.contact.getContacts()),
    "accounts": len(client.checkaccount.getCheckAccounts()),
}))
`;

it('lets a client that others wrote (PyPI: sevdesk) list invoices', async () => {
  await execute(process.execPath, [path.join(root, 'scripts/python.mjs'), 'sync', 'sevdesk-client'], { cwd: root });
  const server = await startLocalSevdesk({ invoices: 250 });
  try {
    const python = path.join(root, '.venvs/sevdesk-client/bin/python');
    const { stdout } = await execute(python, ['-c', PROGRAM, server.url, server.token], { timeout: 60_000 });
    const listed = ((await server.get('/Invoice')).body as { objects: { id: string; sumGross: string | null }[] })
      .objects;
    const positions = (await server.dump('InvoicePos')).filter(
      ({ invoice }) => (invoice as { id: string }).id === listed[0]!.id,
    );
    expect(JSON.parse(stdout)).toEqual({
      invoices: listed.map(({ id, sumGross }) => [id, sumGross]),
      byStatus: ['750'],
      positions: positions.length,
      contacts: ((await server.get('/Contact')).body as { objects: unknown[] }).objects.length,
      accounts: 3,
    });
  } finally {
    await server.stop();
  }
});
