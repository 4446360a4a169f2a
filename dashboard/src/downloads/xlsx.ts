import type { Cell } from 'write-excel-file/node';
import writeExcelFile from 'write-excel-file/node';
import { isIsoDate } from '../filters/calendar.js';
import type { Column, ColumnKind } from './column.js';
import { textOf } from './column.js';

/** The file is made in memory: more rows than this go into CSV, which needs none. */
export const XLSX_ROWS_AT_MOST = 50_000;

/** A table with more rows than an Excel file is made of here. */
export class TooManyRowsError extends Error {
  override readonly name = 'TooManyRowsError';
}

/** Excel shows these in the reader's own way: its separators, and its order of day and month. */
const FORMATS: Readonly<Partial<Record<ColumnKind, string>>> = {
  amount: '#,##0.00',
  count: '#,##0',
  share: '0.0%',
  rate: '0.000000',
  date: 'yyyy-mm-dd',
  instant: 'yyyy-mm-dd hh:mm',
};
const WIDTHS: Readonly<Record<ColumnKind, number>> = {
  text: 24,
  amount: 16,
  count: 10,
  share: 10,
  rate: 12,
  date: 12,
  instant: 17,
};

/** Excel's own limits. */
const CELL_LENGTH = 32_767;
const SHEET_NAME_LENGTH = 31;
const EXACT_DIGITS = 15;
const FIRST_DATE = '1900-03-01';

/** What XML 1.0 cannot hold. */
const LONE_SURROGATE = /\p{Surrogate}/gu;
// eslint-disable-next-line no-control-regex -- these characters are what is looked for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/**
 * Rows as an Excel file with one sheet: numbers as numbers, dates as dates, and everything else as text that is never run as a formula.
 * What a number in Excel cannot hold without losing a digit is text, too.
 *
 * @throws {TooManyRowsError} with more than `XLSX_ROWS_AT_MOST` rows
 */
export async function toXlsx(
  rows: AsyncIterable<Readonly<Record<string, string | null>>>,
  columns: readonly Column[],
  sheet: string,
): Promise<Buffer> {
  const data: Cell[][] = [columns.map(({ heading }) => ({ value: heading, type: String, fontWeight: 'bold' }))];
  for await (const row of rows) {
    if (data.length > XLSX_ROWS_AT_MOST) throw new TooManyRowsError();
    data.push(columns.map((column) => cellOf(textOf(row, column), column.kind)));
  }
  return writeExcelFile(data, {
    sheet: sheetName(sheet),
    columns: columns.map(({ kind }) => ({ width: WIDTHS[kind] })),
    stickyRowsCount: 1,
  }).toBuffer();
}

function cellOf(value: string, kind: ColumnKind): Cell {
  if (value === '') return null;
  const format = FORMATS[kind];
  if (format === undefined) return textCell(value);
  if (kind === 'date')
    return isIsoDate(value) && value >= FIRST_DATE
      ? { value: new Date(`${value}T00:00:00Z`), type: Date, format }
      : textCell(value);
  if (kind === 'instant') return { value: new Date(Math.floor(Number(value)) * 1000), type: Date, format };
  return isExact(value) ? { value: Number(value), type: Number, format } : textCell(value);
}

function textCell(value: string): Cell {
  const kept = value.replace(LONE_SURROGATE, '').replace(NOT_XML, '');
  return { value: kept.length > CELL_LENGTH ? `${kept.slice(0, CELL_LENGTH - 1)}…` : kept, type: String };
}

/** Whether the decimal is one that a number in Excel holds whole. */
function isExact(value: string): boolean {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return false;
  const digits = value.replace(/^-?0*/, '').replace('.', '').replace(/^0+/, '');
  return (value.includes('.') ? digits.replace(/0+$/, '') : digits).length <= EXACT_DIGITS;
}

const sheetName = (name: string): string => name.replace(/[[\]:*?/\\]/g, ' ').slice(0, SHEET_NAME_LENGTH);
