import Table from 'cli-table3';
import { readerOf, withWarehouse } from './warehouse.mjs';

const TOP = 12;

const SQL = {
  cities: `SELECT rank_by_measure, city, country_name_en, revenue_amount_eur, invoice_count
             FROM ANALYTICS.INVOICES_AMOUNT_BY_CITY ORDER BY rank_by_measure, city LIMIT ${TOP}`,
  countries: `SELECT rank_by_measure, country_name_en, revenue_amount_eur, invoice_count, revenue_measure, documents_not_counted
                FROM ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY ORDER BY rank_by_measure, country_name_en`,
};

/** Reads the rankings by city and by country from the marts. */
export async function readRanking(env) {
  return withWarehouse(readerOf(env), async (session) => ({
    cities: await session.run(SQL.cities),
    countries: await session.run(SQL.countries),
  }));
}

/** Renders decimal text as euro with two places and thousands set apart, without going through a float. */
export function formatEuro(amount) {
  const [, sign, whole, cents = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(amount)) ?? [];
  if (whole === undefined) return '–';
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents.slice(0, 2).padEnd(2, '0')} €`;
}

/** The narrowest table that can be read, and what a cell takes beside its text: a space on each side and a line. */
const MIN_WIDTH = 40;
const CELL_FRAME = 3;

/** A table of at most `width` characters whose first columns are text and whose last two are numbers; long names wrap. */
function table(head, rows, width) {
  const numbers = head.map((_, column) => (column === 0 || column >= head.length - 2 ? 'right' : 'left'));
  const cells = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  // Numbers are never broken: names give way, the widest first.
  const names = [...widths.keys()].filter((column) => numbers[column] === 'left');
  const total = () => widths.reduce((sum, columnWidth) => sum + columnWidth + CELL_FRAME, 1);
  while (total() > Math.max(width, MIN_WIDTH) && names.some((column) => widths[column] > 4)) {
    const widest = names.reduce((one, other) => (widths[other] > widths[one] ? other : one));
    widths[widest] -= 1;
  }
  const lines = new Table({
    head,
    colWidths: widths.map((columnWidth) => columnWidth + 2),
    wordWrap: true,
    // A word that is longer than its column is broken rather than cut off.
    wrapOnWordBoundary: rows.every((row) =>
      names.every((column) => row[column].split(' ').every((word) => word.length <= widths[column])),
    ),
    colAligns: numbers,
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const row of cells.slice(1)) lines.push(row);
  return lines.toString();
}

/** Renders both rankings as tables that fit a terminal of `width` characters. */
export function renderRanking({ cities, countries }, { width = 100 } = {}) {
  const byCountry = table(
    ['#', 'Country', 'Total', 'Invoices'],
    countries.map((row) => [
      row.RANK_BY_MEASURE,
      row.COUNTRY_NAME_EN,
      formatEuro(row.REVENUE_AMOUNT_EUR),
      row.INVOICE_COUNT,
    ]),
    width,
  );
  const byCity = table(
    ['#', 'City', 'Country', 'Total', 'Invoices'],
    cities.map((row) => [
      row.RANK_BY_MEASURE,
      row.CITY,
      row.COUNTRY_NAME_EN,
      formatEuro(row.REVENUE_AMOUNT_EUR),
      row.INVOICE_COUNT,
    ]),
    width,
  );
  const measure = `invoiced, ${countries[0]?.REVENUE_MEASURE ?? 'gross'}, in euro`;
  const uncounted = countries.reduce((sum, row) => sum + Number(row.DOCUMENTS_NOT_COUNTED), 0);
  return [
    '',
    `Invoice revenue ranking by country (${measure})`,
    byCountry,
    '',
    `Invoice revenue ranking by city (${measure}; the first ${TOP})`,
    byCity,
    ...(uncounted > 0
      ? [
          `${uncounted} ${uncounted === 1 ? 'document is' : 'documents are'} not counted: see ANALYTICS.INVOICES_TO_REVIEW.`,
        ]
      : []),
    '',
  ].join('\n');
}
