/** A tap on this SDK that gives BENCH_RECORDS invoices out of memory. */
import { object, RecordStream } from '@singer-io-ts/sdk';
import { runTap } from '@singer-io-ts/sdk/cli';
import { invoice, invoiceSchema } from './invoice.mjs';

class Invoices extends RecordStream {
  name = 'invoices';
  schema = invoiceSchema;
  primaryKeys = ['id'];
  replicationKey = 'updated_at';

  *records() {
    const count = Number(process.env.BENCH_RECORDS);
    for (let n = 0; n < count; n += 1) yield invoice(n);
  }
}

await runTap({
  name: 'tap-bench',
  version: '0.0.0',
  description: 'Gives invoices out of memory.',
  configSchema: object({}),
  streams: () => [new Invoices()],
});
