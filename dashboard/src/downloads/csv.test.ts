import type { Column } from './column.js';
import { toCsv } from './csv.js';

const COLUMNS: Column[] = [
  { heading: 'Name', source: 'NAME', kind: 'text' },
  { heading: 'Sum', source: 'SUM', kind: 'amount' },
];

async function csv(rows: Record<string, string | null>[], language: 'de' | 'en'): Promise<string[]> {
  let text = '';

  for await (const part of toCsv(
    (async function* () {
      yield* rows;
    })(),
    COLUMNS,
    language,
  ))
    text += part;
  return text.replace('\uFEFF', '').split('\r\n');
}

describe('CSV', () => {
  it('is what a spreadsheet of the language opens', async () => {
    expect(await csv([{ NAME: 'A', SUM: '-1234.50' }], 'de')).toEqual(['Name;Sum', 'A;-1234,50', '']);
    expect(await csv([{ NAME: 'A', SUM: '-1234.50' }], 'en')).toEqual(['Name,Sum', 'A,-1234.50', '']);
  });

  it('quotes what would break it, and leaves null empty', async () => {
    expect(await csv([{ NAME: 'a,b "c"\nd', SUM: null }], 'en')).toEqual(['Name,Sum', '"a,b ""c""\nd",', '']);
  });

  // Each as a reader sees it that separates at commas, and one that separates at semicolons.
  it.each([
    ['ACME;=1+1;x', "ACME;'=1+1;x"],
    ['ACME,=1+1,x', "ACME,'=1+1,x"],
    ['B; @SUM(1)', "B; '@SUM(1)"],
    ['  =1+1', "  '=1+1"],
    ['ACME|＝1+1', "ACME|'＝1+1"],
    ['A\t-2', "A\t'-2"],
    ['A\n+2', "A\n'+2"],
    ['a=b; c+d, e-f', 'a=b; c+d, e-f'],
  ])('does not let a spreadsheet of any locale run a part of %j', async (NAME, kept) => {
    for (const language of ['de', 'en'] as const)
      expect((await csv([{ NAME, SUM: '1' }], language)).join('\r\n').replaceAll('"', '')).toContain(kept);
  });

  it.each(['=1+1', '+1', '-1', '@x', '\tx'])('does not let a spreadsheet run %j', async (NAME) => {
    expect((await csv([{ NAME, SUM: '1' }], 'de'))[1]).toBe(`'${NAME};1`);
  });
});
