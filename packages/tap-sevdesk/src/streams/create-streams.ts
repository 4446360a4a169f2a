import { ChildStream } from '../sync/child-stream.js';
import { FullTableStream } from '../sync/full-table-stream.js';
import { IncrementalStream } from '../sync/incremental-stream.js';
import type { SevdeskStream } from '../sync/sevdesk-stream.js';
import type { StreamContext } from '../sync/stream-context.js';
import { accountingContacts } from './accounting-contacts.js';
import { categories } from './categories.js';
import { checkAccountTransactions } from './check-account-transactions.js';
import { checkAccounts } from './check-accounts.js';
import { communicationWays } from './communication-ways.js';
import { contactAddresses } from './contact-addresses.js';
import { contacts } from './contacts.js';
import { creditNotePositions } from './credit-note-positions.js';
import { creditNotes } from './credit-notes.js';
import { invoicePositions } from './invoice-positions.js';
import { invoices } from './invoices.js';
import { orderPositions } from './order-positions.js';
import { orders } from './orders.js';
import { parts } from './parts.js';
import { paymentMethods } from './payment-methods.js';
import { staticCountries } from './static-countries.js';
import { tagRelations } from './tag-relations.js';
import { tags } from './tags.js';
import { unities } from './unities.js';
import { voucherPositions } from './voucher-positions.js';
import { vouchers } from './vouchers.js';

/** All streams, in the order in which they are synced. */
export function createStreams(context: StreamContext): SevdeskStream[] {
  return [
    new IncrementalStream(invoices, context),
    new IncrementalStream(contacts, context),
    new FullTableStream(contactAddresses, context),
    new ChildStream(invoicePositions, context),
    new FullTableStream(staticCountries, context),
    new FullTableStream(creditNotes, context),
    new FullTableStream(creditNotePositions, context),
    new IncrementalStream(orders, context),
    new ChildStream(orderPositions, context),
    new IncrementalStream(vouchers, context),
    new ChildStream(voucherPositions, context),
    new FullTableStream(checkAccounts, context),
    new FullTableStream(checkAccountTransactions, context),
    new FullTableStream(parts, context),
    new FullTableStream(tags, context),
    new FullTableStream(tagRelations, context),
    new FullTableStream(communicationWays, context),
    new FullTableStream(paymentMethods, context),
    new FullTableStream(accountingContacts, context),
    new FullTableStream(unities, context),
    new FullTableStream(categories, context),
  ];
}
