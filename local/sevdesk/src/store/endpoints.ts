/**
 * What each list endpoint can be asked for. Anything else in a query is ignored without a word, as the live service does.
 */
export interface EndpointRules {
  /** Whether `createAfter`, `createBefore`, `updateAfter` and `updateBefore` (unix seconds) work. */
  readonly changeFilters?: boolean;
  /** The timestamp field that `startDate` and `endDate` cut. */
  readonly dateField?: string;
  /** Fields compared as text with the query parameter of the same name. */
  readonly equals?: readonly string[];
  /** References filtered by `name[id]` together with `name[objectName]`; the value is the object's name. */
  readonly references?: Readonly<Record<string, string>>;
}

export const ENDPOINTS: Readonly<Record<string, EndpointRules>> = {
  Invoice: {
    changeFilters: true,
    dateField: 'invoiceDate',
    equals: ['status', 'invoiceNumber', 'invoiceType', 'sendType'],
    references: { contact: 'Contact', origin: '' },
  },
  InvoicePos: { equals: ['id'], references: { invoice: 'Invoice', part: 'Part' } },
  Contact: { changeFilters: true, equals: ['customerNumber'] },
  ContactAddress: {},
  StaticCountry: {},
  CreditNote: {
    dateField: 'creditNoteDate',
    equals: ['status', 'creditNoteNumber'],
    references: { contact: 'Contact' },
  },
  CreditNotePos: { references: { creditNote: 'CreditNote' } },
  Order: {
    changeFilters: true,
    dateField: 'orderDate',
    equals: ['status', 'orderNumber', 'orderType'],
    references: { contact: 'Contact' },
  },
  OrderPos: { references: { order: 'Order' } },
  Voucher: {
    changeFilters: true,
    dateField: 'voucherDate',
    equals: ['status', 'creditDebit'],
    references: { contact: 'Contact' },
  },
  VoucherPos: { references: { voucher: 'Voucher' } },
  CheckAccount: {},
  CheckAccountTransaction: {
    dateField: 'entryDate',
    equals: ['paymtPurpose', 'payeePayerName'],
    references: { checkAccount: 'CheckAccount' },
  },
  Part: { equals: ['partNumber', 'name'] },
  Tag: { equals: ['id', 'name'] },
  TagRelation: {},
  CommunicationWay: { equals: ['type', 'main'], references: { contact: 'Contact' } },
  CommunicationWayKey: {},
  PaymentMethod: {},
  AccountingContact: { references: { contact: 'Contact' } },
  Unity: {},
  Category: {},
  TaxRule: {},
  SevUser: {},
};
