import type { Language } from '../format/language.js';
import type { Column } from './column.js';
import { textOf } from './column.js';

/**
 * Where a spreadsheet would see a formula, full-width signs included: at the start of a cell, and behind any character that another locale separates cells
 * with, since quotes in the middle of a line do not count for a reader that splits elsewhere.
 */
const FORMULA_START = /(^\s*|[;,\t\r\n|]\s*)([=+\-@\t\r＝＋－＠])/g;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Rows as CSV that a spreadsheet of that language opens with a double click: German with semicolons and decimal commas, English with commas
 * and points. Text that a spreadsheet of any locale would run as a formula is kept from being one by an apostrophe before it.
 */
export async function* toCsv(
  rows: AsyncIterable<Readonly<Record<string, string | null>>>,
  columns: readonly Column[],
  language: Language,
): AsyncIterable<string> {
  const separator = language === 'de' ? ';' : ',';
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => quote(cell, separator)).join(separator)}\r\n`;
  yield BYTE_ORDER_MARK + line(columns.map(({ heading }) => heading));
  for await (const row of rows) yield line(columns.map((column) => cellOf(textOf(row, column), column, language)));
}

function cellOf(value: string, { kind }: Column, language: Language): string {
  switch (kind) {
    case 'text':
      return value.replace(FORMULA_START, "$1'$2");
    case 'date':
      return value;
    case 'instant':
      return value === '' ? '' : new Date(Math.floor(Number(value)) * 1000).toISOString();
    default:
      return language === 'de' ? value.replace('.', ',') : value;
  }
}

function quote(cell: string, separator: string): string {
  return cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
