import type { RateDay, RateHistory } from './rates.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `eurofxref-hist.csv`: a row a day, newest first, `N/A` where a currency had no rate, a comma after the last cell. */
export function historyCsv({ currencies, days }: RateHistory): string {
  const rows = days.map(
    ({ date, rates }) => `${[date, ...currencies.map((currency) => rates[currency] ?? 'N/A')].join(',')},`,
  );
  return [`Date,${currencies.join(',')},`, ...rows, ''].join('\n');
}

/** `eurofxref.csv`: the last day alone, with spaces after the commas and a written date. */
export function dailyCsv({ days }: RateHistory): string {
  const [latest] = days;
  if (latest === undefined) return 'Date, \n';
  const [year = '', month = '', day = ''] = latest.date.split('-');
  const entries = Object.entries(latest.rates);
  const date = `${day} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
  return `${['Date', ...entries.map(([currency]) => currency)].join(', ')}, \n${[date, ...entries.map(([, rate]) => rate)].join(', ')}, \n`;
}

const XML_HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">\n' +
  '\t<gesmes:subject>Reference rates</gesmes:subject>\n' +
  '\t<gesmes:Sender>\n\t\t<gesmes:name>European Central Bank</gesmes:name>\n\t</gesmes:Sender>\n' +
  '\t<Cube>\n';

function cube({ date, rates }: RateDay, quote: string): string {
  const lines = Object.entries(rates).map(
    ([currency, rate]) => `\t\t\t<Cube currency=${quote}${currency}${quote} rate=${quote}${rate}${quote}/>\n`,
  );
  return `\t\t<Cube time=${quote}${date}${quote}>\n${lines.join('')}\t\t</Cube>\n`;
}

/** The XML files: one day, ninety days or the whole history, newest first. The ECB quotes the daily file's values singly. */
export function ratesXml(days: readonly RateDay[], quote: '"' | "'" = '"'): string {
  return `${XML_HEAD}${days.map((day) => cube(day, quote)).join('')}\t</Cube>\n</gesmes:Envelope>\n`;
}

/** The days of `eurofxref-hist-90d.xml`: those of the ninety calendar days that end with the newest. */
export function lastNinetyDays({ days }: RateHistory): RateDay[] {
  const newest = Date.parse(days[0]?.date ?? '');
  return days.filter(({ date }) => newest - Date.parse(date) < 90 * 86_400_000);
}
