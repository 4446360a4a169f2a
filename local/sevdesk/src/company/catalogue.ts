import { berlinInstant, berlinTimestamp } from './berlin-time.js';
import type { Cents } from './money.js';
import { amountText, percentOf } from './money.js';
import type { WireRecord } from './wire.js';
import { firstIds, reference, sevClient } from './wire.js';

export interface Article {
  readonly name: string;
  /** Net price in euros; foreign price lists use the same figures, yen a hundred and fifty times as much. */
  readonly price: Cents;
  readonly taxRate: 7 | 19;
  readonly unity: number;
}

/** What the company sells: services by the hour or day, licences, printed matter. */
export const ARTICLES: readonly Article[] = [
  { name: 'Beratung, je Stunde', price: 120_00, taxRate: 19, unity: 9 },
  { name: 'Softwareentwicklung, Tagessatz', price: 960_00, taxRate: 19, unity: 13 },
  { name: 'Wartungspauschale, monatlich', price: 249_90, taxRate: 19, unity: 1 },
  { name: 'Lizenz „Professional“, jährlich', price: 1_188_00, taxRate: 19, unity: 1 },
  { name: 'Schulung vor Ort', price: 1_450_00, taxRate: 19, unity: 13 },
  { name: 'Hosting', price: 39_95, taxRate: 19, unity: 1 },
  { name: 'Handbuch, gedruckt', price: 24_90, taxRate: 7, unity: 1 },
  { name: 'Express-Zuschlag', price: 12_34, taxRate: 19, unity: 1 },
  { name: 'Fahrtkosten, je km', price: 42, taxRate: 19, unity: 1 },
  { name: 'Datenmigration', price: 3_333_33, taxRate: 19, unity: 1 },
  { name: 'Support-Ticket', price: 85_00, taxRate: 19, unity: 9 },
  { name: 'Projektleitung 50 %', price: 4_800_00, taxRate: 19, unity: 1 },
];

export const partReference = (article: number) => reference('Part', firstIds.Part + article);

/** The Part list. */
export function partRecords(): WireRecord[] {
  return ARTICLES.map((article, index) => {
    const created = berlinTimestamp(berlinInstant(2022, 11, 1, 36_000 + index * 77));
    return {
      id: String(firstIds.Part + index),
      objectName: 'Part',
      additionalInformation: null,
      create: created,
      update: created,
      name: article.name,
      partNumber: `ART-${100 + index}`,
      text: null,
      category: reference('Category', 6),
      stock: '0',
      stockEnabled: '0',
      unity: reference('Unity', article.unity),
      price: amountText(article.price),
      priceNet: amountText(article.price),
      priceGross: amountText(article.price + percentOf(article.price, article.taxRate)),
      pricePurchase: null,
      sevClient,
      taxRate: String(article.taxRate),
      status: '100',
      internalComment: null,
    };
  });
}
