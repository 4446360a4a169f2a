import type { ChildDefinition } from '../sync/child-stream.js';
import { invoices } from './invoices.js';

/** Lines of invoices. */
export const invoicePositions: ChildDefinition = {
  name: 'invoice_positions',
  endpoint: '/InvoicePos',
  parent: invoices,
  parentField: 'invoice',
  parentObjectName: 'Invoice',
};
