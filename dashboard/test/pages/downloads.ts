/// <reference lib="dom" />
import readExcelFile from 'read-excel-file/node';
import { HOSTILE_CUSTOMER } from '../support/company.js';
import { addUp, decimal } from '../support/marts.js';
import { today, inBrowser, company, dashboard, visit } from '../support/site.js';

inBrowser('files to download', () => {
  it.each([
    ['de', ';', (amount: string) => amount.replace('.', ',')],
    ['en', ',', (amount: string) => amount],
  ])(
    'hold every invoice in scope as a spreadsheet of that language reads it (%s)',
    async (language, separator, number) => {
      const expected = company.invoices.filter(({ place }) => place.countryCode === 'DE');
      const response = await fetch(`${dashboard.url}/csv/invoices.csv?lang=${language}&country=DE`);
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
      expect(response.headers.get('Content-Disposition')).toBe(`attachment; filename="invoices-${today}.csv"`);
      expect(text.startsWith('\uFEFF')).toBe(true);
      const lines = text.trimEnd().split('\r\n');
      expect(lines).toHaveLength(expected.length + 1);
      const invoice = expected.find(({ customer }) => !customer.startsWith('='))!;
      const line = lines.find((candidate) => candidate.startsWith(`${invoice.number}${separator}`))!;
      expect(line).toContain(`${separator}${number(decimal(invoice.cents))}${separator}`);
      const hostile = lines.find((candidate) => candidate.includes('cmd'))!;
      expect(hostile).toContain(`"'=cmd`);
    },
  );

  it('hold the ranking of all cities, not only those on the screen', async () => {
    const response = await fetch(`${dashboard.url}/csv/cities.csv?lang=en`);
    const places = addUp(company, ({ place }) => `${place.countryCode}/${place.city}`);
    expect((await response.text()).trimEnd().split('\r\n')).toHaveLength(places.size + 1);
  });
});

inBrowser('Excel files to download', () => {
  it('hold each table of the pages, in their language, as it is narrowed', async () => {
    const german = company.invoices.filter(({ place }) => place.countryCode === 'DE');
    const total = (row: unknown[]): number => Math.round(Number(row[row.length - 5]) * 100);
    const found = new Set<string>();
    for (const path of ['/?lang=de&period=all&country=DE', '/customers?lang=de&country=DE', '/data?lang=de&country=DE'])
      await visit(path, async (page) => {
        const links = await page.$$eval('a[href*=xlsx]', (all) => all.map((link) => (link as HTMLAnchorElement).href));
        for (const link of links) {
          const response = await fetch(link);
          expect([link, response.status]).toEqual([link, 200]);
          const [sheet] = await readExcelFile(Buffer.from(await response.arrayBuffer()));
          const [, name = ''] = /xlsx\/(\w+)\.xlsx/.exec(link) ?? [];
          found.add(name);
          expect(sheet!.data.length).toBeGreaterThan(1);
          if (name !== 'invoices') continue;
          const [headings, ...rows] = sheet!.data;
          expect(headings).toContain('Umsatz EUR');
          expect(rows).toHaveLength(german.length);
          const sum = rows.reduce((cents, row) => cents + total(row as unknown[]), 0);
          expect(BigInt(sum)).toBe(german.reduce((cents, invoice) => cents + invoice.cents, 0n));
          expect(rows.map((row) => row[5])).toContain(HOSTILE_CUSTOMER);
          expect(rows[0]?.[3]).toBeInstanceOf(Date);
        }
      });
    expect([...found].sort()).toEqual(
      'cities countries currencies customers exclusions invoices pipeline receivables review trend'.split(' '),
    );
    for (const path of ['/xlsx/invoices.csv', '/xlsx/nothing.xlsx', '/csv/invoices.xlsx'])
      expect((await fetch(dashboard.url + path)).status).toBe(404);
  });
});
