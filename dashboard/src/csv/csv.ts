import type { Language } from '../format/language.js';

/** A column of a file to download: its heading, where its values come from and what they are. */
export interface CsvColumn {
  readonly heading: string;
  readonly source: string;
  readonly kind: 'text' | 'decimal' | 'date';
}

/**
 * Where a spreadsheet would see a formula: at the start of a cell, and behind any character that another locale separates cells
 * with, since quotes in the middle of a line do not count for a reader that splits elsewhere.
 */
const FORMULA_START = /(^|[;,\t\r\n|]\s*)([=+\-@\t\r])/g;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Rows as CSV that a spreadsheet of that language opens with a double click: German with semicolons and decimal commas, English with commas
 * and points. Text that a spreadsheet of any locale would run as a formula is kept from being one by an apostrophe before it.
 */
export async function* toCsv(
  rows: AsyncIterable<Readonly<Record<string, string | null>>>,
  columns: readonly CsvColumn[],
  language: Language,
): AsyncIterable<string> {
  const separator = language === 'de' ? ';' : ',';
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => quote(cell, separator)).join(separator)}\r\n`;
  yield BYTE_ORDER_MARK + line(columns.map(({ heading }) => heading));
  for await (const row of rows) yield line(columns.map((column) => cellOf(row[column.source] ?? '', column, language)));
}

function cellOf(value: string, { kind }: CsvColumn, language: Language): string {
  if (kind === 'decimal') return language === 'de' ? value.replace('.', ',') : value;
  if (kind === 'date') return value;
  return value.replace(FORMULA_START, "$1'$2");
}

function quote(cell: string, separator: string): string {
  return cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
