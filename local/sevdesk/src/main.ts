import { parseArgs } from 'node:util';
import { LocalSevdesk } from './server.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    invoices: { type: 'string' },
    seed: { type: 'string' },
    token: { type: 'string' },
    'latency-ms': { type: 'string' },
  },
});
const server = new LocalSevdesk({
  port: Number(values.port),
  invoices: Number(values.invoices ?? 3000),
  seed: Number(values.seed ?? 1),
  latencyMs: Number(values['latency-ms'] ?? 0),
  ...(values.token === undefined ? {} : { token: values.token }),
});
const url = await server.start();
process.stdout.write(`local sevDesk ready on ${url}\n`);
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
process.once('SIGINT', () => void server.stop().then(() => process.exit(0)));
