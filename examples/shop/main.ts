import type { AddressInfo } from 'node:net';
import { createShop } from './server.js';

const port = Number(process.env['PORT'] ?? 18350);
const shop = createShop().listen(port, '127.0.0.1', () => {
  process.stdout.write(`the shop is ready on http://127.0.0.1:${(shop.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
