import { readFileSync } from 'node:fs';

const { schema, record } = JSON.parse(readFileSync(new URL('invoice.json', import.meta.url), 'utf8'));

/** The stream that both SDKs carry: 24 columns of an invoice. */
export const invoiceSchema = schema;

/** The nth invoice. */
export function invoice(n) {
  return { ...record, id: n, number: `RE-${n}`, updated_at: new Date(1_767_225_600_000 + n * 1000).toISOString() };
}
