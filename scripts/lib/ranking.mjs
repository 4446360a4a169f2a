import Table from 'cli-table3';
import { withWarehouse } from './warehouse.mjs';

const TOP = 12;

const SQL = {
  cities: `SELECT rank_overall, city, country_name_en, total_amount_eur, invoice_count
             FROM ANALYTICS.INVOICES_AMOUNT_BY_CITY ORDER BY rank_overall, city LIMIT ${TOP}`,
  countries: `SELECT rank_overall, country_name_en, total_amount_eur, invoice_count
                FROM ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY ORDER BY rank_overall, country_name_en`,
};

/** Reads the rankings by city and by country from the marts. */
export async function readRanking(env) {
  return withWarehouse(env, async (session) => ({
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

/** A table whose first columns are text and whose last two are numbers. */
function table(head, rows) {
  const numbers = head.map((_, column) => (column === 0 || column >= head.length - 2 ? 'right' : 'left'));
  const lines = new Table({
    head,
    colAligns: numbers,
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const row of rows) lines.push(row.map(String));
  return lines.toString();
}

/** Renders both rankings as tables. */
export function renderRanking({ cities, countries }) {
  const byCountry = table(
    ['#', 'Country', 'Total', 'Invoices'],
    countries.map((row) => [
      row.RANK_OVERALL,
      row.COUNTRY_NAME_EN,
      formatEuro(row.TOTAL_AMOUNT_EUR),
      row.INVOICE_COUNT,
    ]),
  );
  const byCity = table(
    ['#', 'City', 'Country', 'Total', 'Invoices'],
    cities.map((row) => [
      row.RANK_OVERALL,
      row.CITY,
      row.COUNTRY_NAME_EN,
      formatEuro(row.TOTAL_AMOUNT_EUR),
      row.INVOICE_COUNT,
    ]),
  );
  return `\nInvoice revenue ranking by country\n${byCountry}\n\nInvoice revenue ranking by city (the first ${TOP})\n${byCity}\n`;
}
