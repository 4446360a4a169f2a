import type { RecordSource } from '../store/record-source.js';
import { listSource } from '../store/record-source.js';
import { checkAccountRecords, transactionRecord } from './bank-records.js';
import type { Seconds } from './berlin-time.js';
import { berlinInstant, berlinMidnight } from './berlin-time.js';
import { partRecords } from './catalogue.js';
import { communicationWayRecords, contactAddressRecords, contactRecord } from './contact-records.js';
import { staticCountries } from './countries.js';
import { documentSources } from './document-sources.js';
import { Exchange } from './exchange.js';
import { History } from './history.js';
import {
  accountingContactRecords,
  FIXED_LISTS,
  paymentMethodRecords,
  tagRecords,
  tagRelationRecord,
} from './list-records.js';
import { drawVoucher, voucherPositionRecord, voucherRecord } from './voucher-records.js';
import { firstIds } from './wire.js';

/** What makes a company: the same values give the same records, to the cent, on every machine and every day. */
export interface CompanyOptions {
  readonly seed: number;
  readonly invoices: number;
  /** The history's last moment. @default EARLIEST_END */
  readonly end?: Seconds;
}

/** The evening of the last day of the shipped rates: no history ends before it, since most of it would lie before the first of them. */
export const EARLIEST_END = berlinInstant(2026, 10, 30, 64_800);
const HISTORY_SECONDS = EARLIEST_END - berlinInstant(2023, 1, 1);

/** Where the records of each endpoint come from. */
export type CompanySources = Readonly<Record<string, RecordSource>>;

export interface Company {
  readonly history: History;
  readonly exchange: Exchange;
  readonly sources: CompanySources;
}

/** Founds a company; its records are made only when asked for. */
export function foundCompany({ seed, invoices, end = EARLIEST_END }: CompanyOptions): Company {
  const history = new History({ seed, invoices, begin: berlinMidnight(end - HISTORY_SECONDS), end });
  const exchange = new Exchange();
  const { parties } = history;
  const documents = documentSources(history, exchange);
  const invoice = (number: number) => documents.Invoice.record(number);
  return {
    history,
    exchange,
    sources: {
      ...documents,
      ...voucherSources(history),
      Contact: { ...listSource(parties.map((party) => contactRecord(seed, party))), firstId: firstIds.Contact },
      ContactAddress: { ...listSource(contactAddressRecords(seed, parties)), firstId: firstIds.ContactAddress },
      CommunicationWay: { ...listSource(communicationWayRecords(seed, parties)), firstId: firstIds.CommunicationWay },
      AccountingContact: { ...listSource(accountingContactRecords(parties)), firstId: firstIds.AccountingContact },
      CheckAccount: listSource(checkAccountRecords()),
      CheckAccountTransaction: {
        count: history.paidInvoices.length,
        firstId: firstIds.CheckAccountTransaction,
        record: (number) => transactionRecord(seed, number, invoice(history.paidInvoices[number] ?? 0)),
        times: { entryDate: (number) => history.payDates[number] ?? 0 },
      },
      TagRelation: {
        count: Math.floor(invoices / 20),
        firstId: firstIds.TagRelation,
        record: (number) => tagRelationRecord(number, invoice(number * 20 + (number % 20))),
      },
      StaticCountry: listSource(staticCountries()),
      Part: listSource(partRecords()),
      Tag: listSource(tagRecords()),
      PaymentMethod: listSource(paymentMethodRecords()),
      ...Object.fromEntries(Object.entries(FIXED_LISTS).map(([endpoint, records]) => [endpoint, listSource(records)])),
    },
  };
}

/** Vouchers with an even number have one position, the others two. */
function voucherSources({ frame, parties, invoiceCount }: History): CompanySources {
  const suppliers = parties.filter(({ kind }) => kind === 'supplier');
  const count = Math.ceil(invoiceCount / 5);
  const voucher = (number: number) => drawVoucher(frame, count, suppliers, number);
  const firstPosition = (number: number): number => number + Math.floor(number / 2);
  return {
    Voucher: {
      count,
      firstId: firstIds.Voucher,
      record: (number) => voucherRecord(voucher(number)),
      times: {
        create: (number) => voucher(number).create,
        update: (number) => voucher(number).update,
        voucherDate: (number) => voucher(number).date,
      },
    },
    VoucherPos: {
      count: firstPosition(count),
      firstId: firstIds.VoucherPos,
      record: (index) => {
        const number = Math.floor(index / 3) * 2 + (index % 3 === 0 ? 0 : 1);
        return voucherPositionRecord(voucher(number), firstIds.VoucherPos + index, index - firstPosition(number));
      },
      parent: 'voucher',
      childrenOf: (parentId) => {
        const number = Number(parentId) - firstIds.Voucher;
        if (!(number >= 0 && number < count)) return [];
        return Array.from({ length: 1 + (number % 2) }, (_, position) => firstPosition(number) + position);
      },
    },
  };
}
