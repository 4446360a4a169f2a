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
  return withWarehouse(env, async (session) => ({ cities: await session.run(SQL.cities), countries: await session.run(SQL.countries) }));
}

/** Renders decimal text as euro with two places and thousands set apart, without going through a float. */
export function formatEuro(amount) {
  const [, sign, whole, cents = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(amount)) ?? [];
  if (whole === undefined) return '–';
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents.slice(0, 2).padEnd(2, '0')} €`;
}

/** Renders both rankings as tables. */
export function renderRanking({ cities, countries }) {
  const byCountry = new Table({ head: ['#', 'Country', 'Total', 'Invoices'], colAligns: ['right', 'left', 'right', 'right'], style: { head: [], border: [] } });
  for (const row of countries) byCountry.push([row.RANK_OVERALL, row.COUNTRY_NAME_EN, formatEuro(row.TOTAL_AMOUNT_EUR), row.INVOICE_COUNT].map(String));
  const byCity = new Table({ head: ['#', 'City', 'Country', 'Total', 'Invoices'], colAligns: ['right', 'left', 'left', 'right', 'right'], style: { head: [], border: [] } });
  for (const row of cities) byCity.push([row.RANK_OVERALL, row.CITY, row.COUNTRY_NAME_EN, formatEuro(row.TOTAL_AMOUNT_EUR), row.INVOICE_COUNT].map(String));
  return `\nRevenue by country\n${byCountry}\n\nRevenue by city (the first ${TOP})\n${byCity}\n`;
}
