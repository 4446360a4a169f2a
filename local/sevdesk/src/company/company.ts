import type { RecordSource } from '../store/record-source.js';
import { listSource } from '../store/record-source.js';
import type { Seconds } from './berlin-time.js';
import { berlinInstant } from './berlin-time.js';
import { partRecords } from './catalogue.js';
import { communicationWayRecords, contactAddressRecords, contactRecord } from './contact-records.js';
import { staticCountries } from './countries.js';
import { Exchange } from './exchange.js';
import { History } from './history.js';
import { invoiceRecord } from './invoice-record.js';
import { firstIds } from './wire.js';

/** What makes a company: the same values give the same records, to the cent, on every machine and every day. */
export interface CompanyOptions {
  readonly seed: number;
  readonly invoices: number;
  /** The last moment of the history. @default 2026-10-30 18:00 in Berlin, the last day of the shipped rates */
  readonly until?: Seconds;
}

export const HISTORY_BEGIN = berlinInstant(2023, 1, 1);
export const HISTORY_END = berlinInstant(2026, 10, 30, 64_800);

/** Where the records of each endpoint come from. */
export type CompanySources = Readonly<Record<string, RecordSource>>;

/** Founds a company; its records are made only when asked for. */
export function foundCompany({ seed, invoices, until = HISTORY_END }: CompanyOptions): {
  history: History;
  exchange: Exchange;
  sources: CompanySources;
} {
  const history = new History({ seed, invoices, begin: HISTORY_BEGIN, end: until });
  const exchange = new Exchange();
  const { parties } = history;
  const sources: CompanySources = {
    Invoice: {
      count: invoices,
      firstId: firstIds.Invoice,
      record: (number) => {
        const { index, position } = history.caseOfInvoice(number);
        return invoiceRecord(history, exchange, history.case(index), position, number);
      },
      created: (number) => history.created[number] ?? 0,
      updated: (number) => history.updated[number] ?? 0,
      typeOf: (number) => history.invoiceType(number),
    },
    Contact: { ...listSource(parties.map((party) => contactRecord(seed, party))), firstId: firstIds.Contact },
    ContactAddress: { ...listSource(contactAddressRecords(seed, parties)), firstId: firstIds.ContactAddress },
    CommunicationWay: { ...listSource(communicationWayRecords(seed, parties)), firstId: firstIds.CommunicationWay },
    StaticCountry: listSource(staticCountries()),
    Part: { ...listSource(partRecords()), firstId: firstIds.Part },
  };
  return { history, exchange, sources };
}
