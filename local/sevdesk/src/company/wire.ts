/** A record as it goes over the wire. */
export type WireRecord = Record<string, unknown>;

/** A nested reference, `{"id":"1","objectName":"StaticCountry"}`. */
export interface Reference {
  readonly id: string;
  readonly objectName: string;
}

export const reference = (objectName: string, id: string | number): Reference => ({ id: String(id), objectName });

/** The account that owns every record, and its one user. */
export const sevClient = reference('SevClient', 1000001);
export const sevUser = reference('SevUser', 1000101);

/** Where the ids of an endpoint begin; they grow by one. sevDesk numbers each kind of record on its own. */
export const firstIds = {
  Invoice: 135_000_001,
  InvoicePos: 410_000_001,
  CreditNote: 2_900_001,
  CreditNotePos: 6_400_001,
  Order: 21_000_001,
  OrderPos: 63_000_001,
  Contact: 138_000_001,
  ContactAddress: 120_000_001,
  CommunicationWay: 98_000_001,
  Voucher: 77_000_001,
  VoucherPos: 88_000_001,
  CheckAccount: 6_300_001,
  CheckAccountTransaction: 1_890_000_001,
  Part: 14_000_001,
  Tag: 990_001,
  TagRelation: 5_500_001,
  PaymentMethod: 21_001,
  AccountingContact: 45_000_001,
} as const;
