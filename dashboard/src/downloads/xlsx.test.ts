import readExcelFile from 'read-excel-file/node';
import type { Column } from './column.js';
import { TooManyRowsError, XLSX_ROWS_AT_MOST, toXlsx } from './xlsx.js';

const COLUMNS: Column[] = [
  { heading: 'Kunde', source: 'NAME', kind: 'text' },
  { heading: 'Status', source: 'STATUS', kind: 'text', names: { open: 'Offen' } },
  { heading: 'Umsatz EUR', source: 'TOTAL', kind: 'amount' },
  { heading: 'Rechnungen', source: 'COUNT', kind: 'count' },
  { heading: 'Anteil', source: 'SHARE', kind: 'share' },
  { heading: 'Datum', source: 'DATE', kind: 'date' },
  { heading: 'Stand', source: 'AT', kind: 'instant' },
];

type Row = Record<string, string | null>;

async function* each(rows: readonly Row[]): AsyncIterable<Row> {
  yield* rows;
}

/** What another library finds in the file: its sheet's name, and its rows. */
async function readBack(rows: readonly Row[], name = 'Tabelle'): Promise<{ sheet: string; data: unknown[][] }> {
  const [sheet] = await readExcelFile(await toXlsx(each(rows), COLUMNS, name));
  return { sheet: sheet!.sheet, data: sheet!.data };
}

describe('Excel files', () => {
  it('hold numbers as numbers, dates as dates and text as text', async () => {
    const row = {
      NAME: 'Müller & Söhne <b>"x"</b>',
      STATUS: 'open',
      TOTAL: '-1234567.89',
      COUNT: '12',
      SHARE: '0.125000',
      DATE: '2026-02-28',
      AT: '1771234567.5',
    };
    const { data } = await readBack([row, { ...row, TOTAL: null, DATE: null }]);
    expect(data[0]).toEqual(COLUMNS.map(({ heading }) => heading));
    // A day as a fraction is not exact to the millisecond.
    const [at] = data[1]!.splice(6);
    expect(Math.round((at as Date).getTime() / 1000)).toBe(1_771_234_567);
    expect(data[1]).toEqual([row.NAME, 'Offen', -1234567.89, 12, 0.125, new Date('2026-02-28T00:00:00Z')]);
    expect([data[2]?.[2], data[2]?.[5]]).toEqual([null, null]);
  });

  it.each(['=1+1', '+1', '-1+cmd', '@SUM(1)', '\t=2', '0049 30 1', '1e5', '2026-01-02', 'TRUE'])(
    'keep %j the text that it is',
    async (NAME) => {
      const { data } = await readBack([{ NAME }]);
      expect(data[1]?.[0]).toBe(NAME.trim());
      expect(typeof data[1]?.[0]).toBe('string');
    },
  );

  it('keep every digit, if need be as text', async () => {
    const amounts = [
      '9999999999999.99',
      '12345678901234567.89',
      '99999999999999999999',
      '100000000000000000000',
      '0.00',
    ];
    const { data } = await readBack(amounts.map((TOTAL) => ({ NAME: 'A', TOTAL })));
    expect(data.slice(1).map((row) => row[2])).toEqual([9999999999999.99, ...amounts.slice(1, 4), 0]);
  });

  it('open whatever a name holds, and keep what is no date', async () => {
    const { data, sheet } = await readBack(
      [{ NAME: 'a\u0000\u000bb\ud800c', DATE: '0001-01-01' }, { NAME: 'x'.repeat(40_000) }],
      'Umsatz/Ort: [eine] sehr lange Überschrift?',
    );
    expect(data[1]?.[0]).toBe('abc');
    expect(data[1]?.[5]).toBe('0001-01-01');
    expect(String(data[2]?.[0])).toHaveLength(32_767);
    expect(sheet).toBe('Umsatz Ort   eine  sehr lange Ü');
  });

  it('are refused when they would be larger than memory allows', async () => {
    const many = Array.from({ length: XLSX_ROWS_AT_MOST + 1 }, () => ({}));
    await expect(toXlsx(each(many), COLUMNS, 'Tabelle')).rejects.toThrow(TooManyRowsError);
  });
});
