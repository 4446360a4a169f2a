/**
 * The endpoints that the tap reads, and what it asks each for: `changes` filters by `create` and `update`, `children` by the object that
 * they belong to, `list` by nothing. `all` makes the endpoint list all objects.
 */
export const ENDPOINTS = [
  { stream: 'invoices', path: '/Invoice', kind: 'changes', all: { showAll: 'true' } },
  { stream: 'contacts', path: '/Contact', kind: 'changes', all: { depth: '1' } },
  { stream: 'orders', path: '/Order', kind: 'changes' },
  { stream: 'vouchers', path: '/Voucher', kind: 'changes' },
  { stream: 'invoice_positions', path: '/InvoicePos', kind: 'children', parent: ['/Invoice', 'invoice', 'Invoice'] },
  { stream: 'order_positions', path: '/OrderPos', kind: 'children', parent: ['/Order', 'order', 'Order'] },
  { stream: 'voucher_positions', path: '/VoucherPos', kind: 'children', parent: ['/Voucher', 'voucher', 'Voucher'] },
  { stream: 'contact_addresses', path: '/ContactAddress', kind: 'list' },
  { stream: 'static_countries', path: '/StaticCountry', kind: 'list' },
  { stream: 'credit_notes', path: '/CreditNote', kind: 'list' },
  { stream: 'credit_note_positions', path: '/CreditNotePos', kind: 'list' },
  { stream: 'check_accounts', path: '/CheckAccount', kind: 'list' },
  { stream: 'check_account_transactions', path: '/CheckAccountTransaction', kind: 'list' },
  { stream: 'parts', path: '/Part', kind: 'list' },
  { stream: 'tags', path: '/Tag', kind: 'list' },
  { stream: 'tag_relations', path: '/TagRelation', kind: 'list' },
  { stream: 'communication_ways', path: '/CommunicationWay', kind: 'list' },
  { stream: 'payment_methods', path: '/PaymentMethod', kind: 'list' },
  { stream: 'accounting_contacts', path: '/AccountingContact', kind: 'list' },
  { stream: 'unities', path: '/Unity', kind: 'list' },
  { stream: 'categories', path: '/Category', kind: 'list' },
];
