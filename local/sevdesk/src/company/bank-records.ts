import { berlinInstant, berlinTimestamp, parseTimestamp } from './berlin-time.js';
import { Random } from './random.js';
import type { WireRecord } from './wire.js';
import { firstIds, reference, sevClient } from './wire.js';

const STREAM = 60;
const OPENED = berlinInstant(2022, 12, 1, 34_000);

/** The bank, an online payment service and the petty cash. The first two carry secrets that no reader may pass on. */
export function checkAccountRecords(): WireRecord[] {
  const accounts = [
    {
      name: 'Geschäftskonto',
      type: 'online',
      pin: '00000',
      checkAccId: 'local-secret-1',
      iban: 'DE02120300000000202051',
    },
    { name: 'PayPal', type: 'online', pin: '11111', checkAccId: 'local-secret-2', iban: null },
    { name: 'Kasse', type: 'register', pin: null, checkAccId: null, iban: null },
  ];
  return accounts.map(({ name, type, pin, checkAccId, iban }, index) => ({
    id: String(firstIds.CheckAccount + index),
    objectName: 'CheckAccount',
    additionalInformation: null,
    create: berlinTimestamp(OPENED + index * 60),
    update: berlinTimestamp(OPENED + index * 60),
    sevClient,
    name,
    type,
    importType: type === 'online' ? 'CSV' : null,
    currency: 'EUR',
    checkAccId,
    pin,
    defaultAccount: index === 0 ? '1' : '0',
    status: '100',
    translationCode: null,
    bankServer: null,
    balance: '0',
    accountingNumber: String(1201 + index),
    iban,
    bic: null,
    baseAccount: '0',
    priority: String(index),
    countryCode: null,
    autoMapTransaction: '1',
    autoSyncTransactions: '0',
    lastSync: null,
  }));
}

/** Makes the bank transaction by which an invoice was paid; one in fifty was deleted again, and says so. */
export function transactionRecord(seed: number, number: number, invoice: WireRecord): WireRecord {
  const random = new Random(seed, STREAM, number);
  const paid = parseTimestamp(invoice['payDate']);
  const create = paid + random.integer(3600, 40_000);
  const deleted = random.chance(0.02);
  const update = create + random.integer(0, 20_000);
  return {
    id: String(firstIds.CheckAccountTransaction + number),
    objectName: 'CheckAccountTransaction',
    additionalInformation: null,
    create: berlinTimestamp(create),
    update: berlinTimestamp(update),
    sevClient,
    valueDate: invoice['payDate'],
    entryDate: invoice['payDate'],
    amount: String(invoice['paidAmount']),
    feeAmount: null,
    gvCode: null,
    entryText: null,
    primaNotaNo: null,
    paymtPurpose: String(invoice['invoiceNumber']),
    payeePayerBankCode: null,
    payeePayerAcctNo: null,
    payeePayerName: random.chance(0.9) ? `Kunde ${String(invoice['invoiceNumber'])}` : null,
    checkAccount: reference('CheckAccount', firstIds.CheckAccount + random.integer(0, 1)),
    status: deleted ? '100' : '400',
    score: null,
    compareHash: null,
    enshrined: null,
    obonoReceiptUuid: null,
    externalId: null,
    deletedAt: deleted ? berlinTimestamp(update) : null,
    restoredAt: null,
  };
}
