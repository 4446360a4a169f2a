import type { InvoiceType } from './case-outline.js';

/** The number on the company's nth invoice: `RE-1000` is its first. */
export const documentNumber = (type: InvoiceType, number: number): string => `${type}-${1000 + number}`;
