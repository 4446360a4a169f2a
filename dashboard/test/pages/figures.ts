/// <reference lib="dom" />
import { violations } from '../support/browser.js';
import { addUp, contactId, decimal, serviceDate, totalOf } from '../support/marts.js';
import { englishEuro, germanEuro, plain } from '../support/reading.js';
import {
  today,
  inBrowser,
  client,
  company,
  dashboard,
  visit,
  figure,
  ranking,
  sumOf,
  expectFigure,
} from '../support/site.js';

inBrowser('the revenue page', () => {
  it.each([
    ['de', germanEuro],
    ['en', englishEuro],
  ])('shows the marts to the cent: countries, cities and headline (%s)', async (language, euro) => {
    const marts = 'SEVDESK.ANALYTICS.INVOICES_AMOUNT_BY';
    const asText = { fetchAsString: ['Number' as const] };
    const countries = (await client.query(
      `select * from ${marts}_COUNTRY order by rank_overall, country_code`,
      [],
      asText,
    )) as Record<string, string>[];
    const cities = (await client.query(
      `select * from ${marts}_CITY order by rank_overall, country_code, city`,
      [],
      asText,
    )) as Record<string, string>[];
    const expected = (rows: Record<string, string>[], key: (row: Record<string, string>) => string): string[][] =>
      rows.map((row) => [key(row), row['RANK_OVERALL']!, euro(row['TOTAL_AMOUNT_EUR']!), row['INVOICE_COUNT']!]);
    const everything = [...addUp(company, () => 'all').values()][0]!;
    await visit(`/?lang=${language}&period=all&cities=all`, async (page) => {
      expect(await ranking(page, 'countries')).toEqual(expected(countries, (row) => row['COUNTRY_CODE']!));
      expect(await ranking(page, 'cities')).toEqual(expected(cities, (row) => `${row['COUNTRY_CODE']}/${row['CITY']}`));
      expect(await figure(page, 'total')).toBe(euro(decimal(totalOf(everything))));
      expect(await figure(page, 'open')).toBe(euro(decimal(everything.open)));
      expect(await figure(page, 'invoice-count')).toBe(String(everything.invoiceCount));
    });
    expect(countries.length).toBeGreaterThan(5);
    expect(cities.length).toBeGreaterThan(15);
  });

  it('adds up months, overdue amounts and currencies as the marts have them', async () => {
    const overdue = company.invoices.filter(({ openCents, dueDate }) => openCents > 0n && dueDate < today);
    const francs = company.invoices.filter(({ currency }) => currency === 'CHF');
    const months = addUp(company, ({ date }) => date.slice(0, 7));
    await visit('/?lang=en&period=all', async (page) => {
      expect(await figure(page, 'overdue')).toBe(englishEuro(sumOf(overdue, 'openCents')));
      const notDue = plain(await page.textContent('[data-age=not_due] .strong'));
      expect(notDue).toBe(
        englishEuro(
          sumOf(
            company.invoices.filter(({ dueDate }) => dueDate >= today),
            'openCents',
          ),
        ),
      );
      expect(plain(await page.textContent('[data-currency=CHF] .strong'))).toBe(englishEuro(sumOf(francs)));
      const rows = await page.$$eval('#trend tbody tr', (elements) =>
        elements.map((row) => row.children[1]?.textContent ?? ''),
      );
      const shown = rows.map(plain).filter((amount) => amount !== '€0.00');
      expect(shown).toEqual(
        [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sums]) => englishEuro(decimal(totalOf(sums)))),
      );
    });
  });

  it('shows net amounts and the service date when asked, and keeps both in every link', async () => {
    const all = [...addUp(company, () => 'all').values()][0]!;
    const net = company.invoices.reduce((sum, { netCents }) => sum + netCents, 0n);
    const creditedNet = company.creditNotes.reduce((sum, { netCents }) => sum + netCents, 0n);
    const year = today.slice(0, 4);
    const served = company.invoices.filter(({ date }) => serviceDate(date).startsWith(year));
    const credited = company.creditNotes.filter(({ date }) => date.startsWith(year));
    const expected =
      served.reduce((sum, { cents }) => sum + cents, 0n) - credited.reduce((sum, { cents }) => sum + cents, 0n);
    await visit('/?lang=en&period=all', async (page) => {
      await page.selectOption('select[name=measure]', 'net');
      await expectFigure(page, 'total', englishEuro(decimal(net - creditedNet)));
      expect(plain(await page.textContent('.figure-main'))).toContain(`${englishEuro(decimal(totalOf(all)))} with tax`);
      expect(await page.textContent('.page-title')).toContain('excluding tax');
      const links = await page.$$eval('#cities tbody a', (places) =>
        places.map((place) => (place as HTMLAnchorElement).href),
      );
      expect(links.every((link) => link.includes('measure=net'))).toBe(true);
      await page.goto(`${dashboard.url}/?lang=en&date=service&from=${year}-01-01&to=${year}-12-31`);
      expect(await figure(page, 'total')).toBe(englishEuro(decimal(expected)));
    });
  });

  it('ranks customers, finds them by name, and narrows to one', async () => {
    const sums = new Map<string, bigint>();
    for (const { customer, cents } of company.invoices) sums.set(customer, (sums.get(customer) ?? 0n) + cents);
    const [[name, cents] = ['', 0n]] = [...sums].sort(([, a], [, b]) => (b > a ? 1 : b < a ? -1 : 0));
    await visit('/customers?lang=en', async (page) => {
      const first = await page.$$eval('#customers tbody tr:first-child > *', (cells) =>
        cells.map((cell) => cell.textContent),
      );
      expect(first.map(plain).slice(0, 3)).toEqual(['1', name, englishEuro(decimal(cents))]);
      await page.fill('input[name=q]', name.slice(1, 6).toUpperCase());
      await page.press('input[name=q]', 'Enter');
      await page.waitForURL(/q=/);
      expect(plain(await page.textContent('#customers tbody'))).toContain(name);
      expect(await violations(page)).toEqual([]);
      await page.click(`[data-customer="${contactId(name)}"] a`);
      await expectFigure(page, 'total', englishEuro(decimal(cents)));
      expect(await page.textContent('.chips')).toContain(name);
    });
  });

  it('leads from a figure to its rule and its statement, and from an invoice to sevDesk', async () => {
    const newest = company.invoices.find(({ type }) => type === 'RE')!;
    await visit('/?lang=en&period=all', async (page) => {
      await page.click('.figure-main .why a');
      const said = plain(await page.textContent('main'));
      expect(said).toMatch(/documents counted.*documents not counted/);
      expect(said).toContain('sum(invoiced - credited)');
      expect(await violations(page)).toEqual([]);
      await page.goto(`${dashboard.url}/invoices/${newest.id}?lang=en`);
      const details = plain(await page.textContent('.details'));
      expect(details).toContain(englishEuro(decimal(newest.cents)));
      // Where city, country and amount come from is said in words, not in the marts' codes.
      expect(details).not.toMatch(/[a-z]_[a-z]/);
      expect(await page.getAttribute('#invoice .button', 'href')).toBe(
        `https://my.sevdesk.de/fi/detail/type/RE/id/${newest.id}`,
      );
      expect(await violations(page)).toEqual([]);
    });
    expect((await fetch(`${dashboard.url}/invoices/none`)).status).toBe(404);
    expect((await fetch(`${dashboard.url}/why/none`)).status).toBe(404);
  });

  it('explains every table and chart by a rule and the statement that brings it, and opens the invoices of a place', async () => {
    const [berlin] = [addUp(company, ({ place }) => `${place.countryCode}/${place.city}`).get('DE/Berlin')!];
    await visit('/?lang=en&period=all', async (page) => {
      const links = await page.$$eval('.why-link', (all) => all.map((link) => (link as HTMLAnchorElement).href));
      expect(links).toHaveLength(10);
      const rules = new Set<string>();
      for (const link of links) {
        const said = plain(await (await fetch(link)).text());
        expect(said).toMatch(/<pre>.*select .*from /s);
        rules.add(/<p>(.*?)<\/p>/.exec(said.slice(said.indexOf('id="rule"')))?.[1] ?? '');
      }
      expect(rules.size).toBe(links.length);
      await page.click('#cities tr[data-place="DE/Berlin"] td a');
      await expectFigure(page, 'total', englishEuro(decimal(totalOf(berlin))));
      expect(page.url()).toContain('#invoices');
    });
  });

  it('says how many documents are not counted, and lists them with what to do', async () => {
    await visit('/?lang=en&period=all', async (page) => {
      expect(plain(await page.textContent('.notice'))).toContain('1 document is not counted in these figures.');
      await page.click('.notice a');
      await page.waitForSelector('#review tbody tr');
      const rows = await page.$$eval('#review tbody tr', (elements) => elements.map((row) => row.textContent));
      expect(rows.map(plain)[0]).toMatch(/RE-9001.*not counted.*no ECB rate for UAH.*1\.234,56 UAH/);
      expect(rows.map(plain)[1]).toMatch(/AB-77.*-€20\.00/);
    });
  });
});
