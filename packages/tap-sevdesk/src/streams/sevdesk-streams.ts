import type { ListFilter } from '../api/page.js';
import type { DateFilter, StreamDefinition } from '../sync/stream-definition.js';

/** A stream of the table below: a {@link StreamDefinition} whose schema is a file, and whose parent is named. */
export type KnownStream = Omit<StreamDefinition, 'schema' | 'parent'> & {
  /** For `children`: the stream of what they belong to, the reference to it and its kind. */
  parent?: readonly [stream: string, field: string, objectName: string];
};

type More = Omit<KnownStream, 'name' | 'endpoint' | 'kind'>;
const changes = (name: string, endpoint: string, filter?: ListFilter): KnownStream => ({
  name,
  endpoint,
  kind: 'changes',
  filter,
});
const children = (name: string, endpoint: string, ...parent: [string, string, string]): KnownStream => ({
  name,
  endpoint,
  kind: 'children',
  parent,
});
const list = (name: string, endpoint: string, more: More = {}): KnownStream => ({
  name,
  endpoint,
  kind: 'list',
  ...more,
});
const byDate = (field: string, form: DateFilter['form']): More => ({ dateFilter: { field, form } });
/** The streams that come with the tap, in the order in which they are read. */
export const SEVDESK_STREAMS: readonly KnownStream[] = [
  // Without `showAll` the service hides some types: WKR, SR, MA and others.
  changes('invoices', '/Invoice', { showAll: true }),
  // Without `depth` it lists organisations only, no persons.
  changes('contacts', '/Contact', { depth: 1 }),
  list('contact_addresses', '/ContactAddress'),
  children('invoice_positions', '/InvoicePos', 'invoices', 'invoice', 'Invoice'),
  list('static_countries', '/StaticCountry'),
  list('credit_notes', '/CreditNote', byDate('creditNoteDate', 'seconds')),
  list('credit_note_positions', '/CreditNotePos'),
  changes('orders', '/Order'),
  children('order_positions', '/OrderPos', 'orders', 'order', 'Order'),
  changes('vouchers', '/Voucher'),
  children('voucher_positions', '/VoucherPos', 'vouchers', 'voucher', 'Voucher'),
  // `pin` and `checkAccId` are secrets of the bank connection and are never extracted.
  list('check_accounts', '/CheckAccount', { excluded: ['pin', 'checkAccId'] }),
  list('check_account_transactions', '/CheckAccountTransaction', byDate('entryDate', 'text')),
  list('parts', '/Part'),
  list('tags', '/Tag'),
  list('tag_relations', '/TagRelation'),
  list('communication_ways', '/CommunicationWay'),
  list('payment_methods', '/PaymentMethod'),
  list('accounting_contacts', '/AccountingContact'),
  list('unities', '/Unity'),
  list('categories', '/Category'),
];
