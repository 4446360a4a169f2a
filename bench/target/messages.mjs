/** Singer messages of invoices in sevDesk's wire shape, synthetic and the same in every run: about 1.1 KB a record. */
import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { inRoot } from '../../scripts/lib/paths.mjs';

const CITIES = ['Hamburg', 'Zürich', 'Wien', 'København', 'Lyon', 'Berlin', 'München', 'Graz'];
const pad = (n, width = 2) => String(n).padStart(width, '0');

/** The schema of the tap's stream `invoices`, as the tap sends it. */
export const schema = JSON.parse(readFileSync(inRoot('schemas/sevdesk/invoices.json'), 'utf8'));

/** The nth invoice. */
export function record(n) {
  const day = `2026-${pad(1 + (n % 12))}-${pad(1 + (n % 28))}`;
  const net = (n * 7919) % 1_000_000;
  const cents = (value) => (value / 100).toFixed(2);
  return {
    id: String(10_000_000 + n),
    objectName: 'Invoice',
    create: `${day}T08:${pad(n % 60)}:${pad((n * 7) % 60)}+01:00`,
    update: `${day}T09:${pad((n * 3) % 60)}:${pad((n * 11) % 60)}+02:00`,
    additionalInformation: null,
    invoiceNumber: `RE-${20_000 + n}`,
    contact_id: String(500_000 + (n % 4000)),
    contact_objectName: 'Contact',
    sevClient_id: '123456',
    sevClient_objectName: 'SevClient',
    invoiceDate: `${day}T00:00:00+01:00`,
    header: `Rechnung RE-${20_000 + n}`,
    headText:
      '<p>Sehr geehrte Damen und Herren,</p><p>vielen Dank für Ihren Auftrag und das damit verbundene Vertrauen!</p>',
    footText: '<p>Bitte überweisen Sie den Betrag unter Angabe der Rechnungsnummer.</p>',
    timeToPay: '14',
    discountTime: '0',
    discount: '0',
    addressName: `Müller & Söhne "${n % 977}" GmbH`,
    addressStreet: `Hauptstraße ${n % 200}`,
    addressZip: pad(10_000 + (n % 80_000), 5),
    addressCity: CITIES[n % CITIES.length],
    addressCountry_id: '1',
    addressCountry_objectName: 'StaticCountry',
    payDate: n % 3 === 0 ? null : `${day}T00:00:00+01:00`,
    createUser_id: '77',
    createUser_objectName: 'SevUser',
    deliveryDate: `${day}T00:00:00+01:00`,
    status: n % 3 === 0 ? '200' : '1000',
    smallSettlement: '0',
    taxRate: '19',
    taxText: 'Umsatzsteuer 19%',
    taxType: 'default',
    invoiceType: 'RE',
    currency: 'EUR',
    sumNet: cents(net),
    sumTax: cents(Math.round(net * 0.19)),
    sumGross: cents(Math.round(net * 1.19)),
    sumDiscounts: '0',
    sumNetForeignCurrency: '0',
    sumTaxForeignCurrency: '0',
    sumGrossForeignCurrency: '0',
    paidAmount: n % 3 === 0 ? 0 : Math.round(net * 1.19) / 100,
    sendDate: `${day}T10:00:00+01:00`,
    showNet: '1',
    enshrined: null,
    address: `Müller & Söhne GmbH\nHauptstraße ${n % 200}\n${pad(10_000 + (n % 80_000), 5)} ${CITIES[n % CITIES.length]}`,
  };
}

/** Writes a Singer file: SCHEMA, `records` RECORDs and a STATE after every tenth part. */
export async function writeMessages(path, records) {
  const out = createWriteStream(path, { highWaterMark: 4 * 1024 * 1024 });
  const send = async (text) => {
    if (!out.write(text)) await once(out, 'drain');
  };
  await send(
    `${JSON.stringify({ type: 'SCHEMA', stream: 'invoices', schema, key_properties: ['id'], bookmark_properties: ['update'] })}\n`,
  );
  let block = '';
  for (let n = 0; n < records; n += 1) {
    block += `{"type":"RECORD","stream":"invoices","record":${JSON.stringify(record(n))},"time_extracted":"2026-11-25T08:00:00.000Z"}\n`;
    if ((n + 1) % Math.ceil(records / 10) === 0)
      block += `{"type":"STATE","value":{"bookmarks":{"invoices":{"replication_key_value":${n}}}}}\n`;
    if (block.length > 1024 * 1024) {
      await send(block);
      block = '';
    }
  }
  await send(block);
  out.end();
  await once(out, 'finish');
}
