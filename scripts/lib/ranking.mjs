import Table from 'cli-table3';
import { readerOf, withWarehouse } from './warehouse.mjs';
import { wrapHelp } from './wrap-help.mjs';

/** How many rows of a ranking are shown; the dashboard has them all. */
const TOP = 10;

const SQL = {
  cities: `SELECT rank_by_measure, city, country_name_en, revenue_amount_eur, invoice_count, COUNT(*) OVER () AS place_count
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

/** Names are broken, but not into pieces: below this a column that matters less is left out. */
const NAME_WIDTH = 12;

/** The headings of columns that a narrow terminal can do without, the first to go first. */
const DISPENSABLE = ['Invoices', 'Country'];

/** The table without the columns for which there is no room. */
function withRoom(head, rows, width, [dispensable, ...others] = DISPENSABLE) {
  const needed = head.reduce((sum, title, column) => {
    const longest = Math.max(title.length, ...rows.map((row) => String(row[column]).length));
    const isName = ['City', 'Country'].includes(title);
    return sum + (isName ? Math.min(longest, NAME_WIDTH) : longest) + CELL_FRAME;
  }, 1);
  if (needed <= width || dispensable === undefined) return { head, rows };
  // A table of countries keeps them.
  const at = dispensable === 'Country' && !head.includes('City') ? -1 : head.indexOf(dispensable);
  const without = (cells) => cells.filter((_, column) => column !== at);
  return withRoom(without(head), rows.map(without), width, others);
}

/** A table of at most `width` characters; long names wrap, and what matters least is left out where there is no room. */
function table(allHeads, allRows, terminalWidth) {
  const width = Math.max(terminalWidth, MIN_WIDTH);
  const { head, rows } = withRoom(allHeads, allRows, width);
  const numbers = head.map((title) => (['City', 'Country'].includes(title) ? 'left' : 'right'));
  const cells = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  // Numbers are never broken: names give way, the widest first.
  const names = [...widths.keys()].filter((column) => numbers[column] === 'left');
  const total = () => widths.reduce((sum, columnWidth) => sum + columnWidth + CELL_FRAME, 1);
  while (total() > width && names.some((column) => widths[column] > 4)) {
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

/** Where the rows are that a table of the first ones leaves out. */
const more = (count) => (count > TOP ? [`${count - TOP} more: npm run dashboard`] : []);

/** Renders both rankings as tables that fit a terminal of `width` characters. */
export function renderRanking({ cities, countries }, { width = 100 } = {}) {
  const byCountry = table(
    ['#', 'Country', 'Total', 'Invoices'],
    countries
      .slice(0, TOP)
      .map((row) => [row.RANK_BY_MEASURE, row.COUNTRY_NAME_EN, formatEuro(row.REVENUE_AMOUNT_EUR), row.INVOICE_COUNT]),
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
  const lines = [
    '',
    `Invoice revenue ranking by country (${measure})`,
    byCountry,
    ...more(countries.length),
    '',
    `Invoice revenue ranking by city (${measure})`,
    byCity,
    ...more(Number(cities[0]?.PLACE_COUNT ?? 0)),
    ...(uncounted > 0
      ? [
          `${uncounted} ${uncounted === 1 ? 'document is' : 'documents are'} not counted: see ANALYTICS.INVOICES_TO_REVIEW.`,
        ]
      : []),
    '',
  ];
  return lines.map((line) => (/^[┌│└]/.test(line) ? line : wrapHelp(line, Math.max(width, MIN_WIDTH)))).join('\n');
}
