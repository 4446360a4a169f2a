import { createHmac } from 'node:crypto';
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from '@singer-io-ts/sdk';

/** Fields whose values say nothing about anybody: kinds, states, switches, rates and dates. Everything else is replaced. */
const KEPT = new Set([
  'objectName',
  'create',
  'update',
  'status',
  'invoiceType',
  'creditNoteType',
  'orderType',
  'voucherType',
  'sendType',
  'taxType',
  'taxRate',
  'creditDebit',
  'bookingCategory',
  'currency',
  'discount',
  'discountTime',
  'timeToPay',
  'showNet',
  'smallSettlement',
  'exemptVat',
  'governmentAgency',
  'defaultShowVat',
  'main',
  'positionNumber',
  'quantity',
  'optional',
  'temporary',
  'dunningLevel',
  'invoiceDate',
  'creditNoteDate',
  'orderDate',
  'voucherDate',
  'deliveryDate',
  'deliveryDateUntil',
  'payDate',
  'sendDate',
  'enshrined',
  'valueDate',
  'entryDate',
  'deletedAt',
  'restoredAt',
  'lastSync',
  'importType',
  'defaultAccount',
  'baseAccount',
  'priority',
  'autoMapTransactions',
  'autoSyncTransactions',
  'stockEnabled',
  'translationCode',
  'version',
  'net',
  'isAsset',
  'type',
]);

/** Kinds that are the same for every customer of the service, so that their ids and names identify nobody. */
const PUBLIC_KINDS = new Set(['StaticCountry', 'Unity', 'TaxRule', 'AccountingType', 'CommunicationWayKey']);

/** Sums and prices. */
const AMOUNT = /^(?:sum|price|amount|paidAmount|feeAmount|balance|reminder(?:Total|Debit|Charge))/;

/** Dates and instants say nothing about anybody, and programs read them. */
const DATE = /^(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?|\d\d\.\d\d\.\d{4})$/;

/** Secrets of the source; not even their shape is recorded. */
const SECRET = new Set(['pin', 'checkAccId']);

/**
 * Replaces what identifies people and businesses in objects of the service by pseudonyms of the same shape: letters by
 * letters, digits by digits, length, punctuation, signs and decimals kept. The same value becomes the same pseudonym
 * everywhere, so references still match; dates stay, and amounts keep their proportions; the key, without which a pseudonym cannot be guessed back, is not kept.
 */
export class Pseudonymizer {
  readonly #key: string;
  readonly #factor: bigint;

  /** @param key a secret; the same key gives the same pseudonyms */
  constructor(key: string) {
    this.#key = key;
    this.#factor = BigInt(11 + (createHmac('sha256', key).update('amounts').digest()[0] ?? 0));
  }

  object(object: JsonObject): JsonObject {
    const kind = object['objectName'];
    const isPublic = typeof kind === 'string' && PUBLIC_KINDS.has(kind);
    return Object.fromEntries(
      Object.entries(object).map(([name, value]): [string, JsonValue] => {
        if (SECRET.has(name)) return [name, null];
        // Short ids are those of objects that every customer has, and would soon collide.
        if (name === 'id' && typeof value === 'string' && value.length < 6) return [name, value];
        if (isPublic && (name === 'id' || name === 'name' || name === 'code' || name === 'nameEn' || name === 'locale'))
          return [name, value ?? null];
        if (KEPT.has(name)) return [name, value ?? null];
        if (name === 'birthday') return [name, null];
        if (AMOUNT.test(name)) return [name, this.#amount(value ?? null)];
        return [name, this.#value(value ?? null)];
      }),
    );
  }

  #value(value: JsonValue): JsonValue {
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return Number(this.#text(String(value)));
    if (value instanceof ExactNumber) return new ExactNumber(this.#text(value.text));
    if (Array.isArray(value)) return value.map((item) => this.#value(item));
    return isJsonObject(value) ? this.object(value) : value;
  }

  /** All amounts grow by one secret factor, so that net and tax still make gross, and positions their document. */
  #amount(value: JsonValue): JsonValue {
    const text = typeof value === 'number' || value instanceof ExactNumber ? String(value) : value;
    const match = typeof text === 'string' ? /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) : null;
    if (!match) return this.#value(value);
    const [, sign = '', whole = '', fraction = ''] = match;
    const digits = (BigInt(whole + fraction) * this.#factor).toString().padStart(fraction.length + 1, '0');
    const place = digits.length - fraction.length;
    const scaled = `${sign}${digits.slice(0, place)}${fraction === '' ? '' : `.${digits.slice(place)}`}`;
    return typeof value === 'string' ? scaled : new ExactNumber(scaled);
  }

  #text(text: string): string {
    if (DATE.test(text)) return text;
    // A switch or an empty sum says nothing, and what it is matters.
    if (/^-?[01]?(?:\.0*)?$/.test(text)) return text;
    const isNumber = /^-?\d+(?:\.\d+)?$/.test(text);
    let bytes = Buffer.alloc(0);
    let result = '';
    for (const [i, character] of Array.from(text).entries()) {
      if (i % 32 === 0) bytes = createHmac('sha256', this.#key).update(`${i} ${text}`).digest();
      const byte = bytes[i % 32] ?? 0;
      if (/\d/.test(character)) {
        // A number must not begin with a zero that it did not have.
        const leading = isNumber && character !== '0' && /^-?$/.test(text.slice(0, i));
        result += leading ? String(1 + (byte % 9)) : String(byte % 10);
      } else if (/\p{Lu}/u.test(character)) result += String.fromCharCode(65 + (byte % 26));
      else if (/\p{L}/u.test(character)) result += String.fromCharCode(97 + (byte % 26));
      else result += character;
    }
    return result;
  }
}
