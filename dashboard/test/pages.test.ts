/// <reference lib="dom" />
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import readExcelFile from 'read-excel-file/node';
import type { LocalSnowflake, SnowflakeClient } from '../../test/support/local-snowflake.js';
import { connect, startLocalSnowflake } from '../../test/support/local-snowflake.js';
import { collectComplaints, countBytes, findChromium, launch, violations } from './support/browser.js';
import type { DashboardProcess } from './support/command.js';
import { accountSettings, startDashboard } from './support/command.js';
import type { Company, Invoice } from './support/company.js';
import { HOSTILE_CUSTOMER, makeCompany } from './support/company.js';
import { addUp, contactId, createMarts, decimal, fillMarts, serviceDate, totalOf } from './support/marts.js';
import { englishEuro, germanEuro, plain } from './support/reading.js';

const MINUTE_MS = 60_000;
const OUTDATED_AFTER_MINUTES = 90;
const PHONE = { width: 390, height: 844 };
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(new Date());

// Installing it where that is possible comes before the tests are known, so that they are reported as skipped where it is not.
const chromium = await findChromium();
const inBrowser = chromium === undefined ? describe.skip : describe;

let snowflake: LocalSnowflake;
let client: SnowflakeClient;
let company: Company;
let dashboard: DashboardProcess;
let browser: Browser;
/** What was started, the first first: it ends in the other order, also when starting the rest failed. */
const started: { end: () => Promise<unknown> }[] = [];

beforeAll(async () => {
  if (chromium === undefined) return;
  company = makeCompany({ count: 400, today });
  snowflake = await startLocalSnowflake();
  started.push({ end: () => snowflake.stop() });
  client = await connect(snowflake);
  started.push({ end: () => client.close() });
  await createMarts(client);
  await fillMarts(client, company, { dataAsOf: new Date(Date.now() - 12 * MINUTE_MS), refreshedAt: new Date() });
  dashboard = await startDashboard({
    ...accountSettings(snowflake, 'SEVDESK'),
    DASHBOARD_MAX_AGE_MINUTES: String(OUTDATED_AFTER_MINUTES),
  });
  started.push({ end: () => dashboard.stop() });
  browser = await launch(chromium);
  started.push({ end: () => browser.close() });
}, 300_000);

afterAll(async () => {
  for (const { end } of started.reverse()) await end();
}, 60_000);

/** Opens a page, lets the test look at it, and then at what it complained about. */
async function visit(
  path: string,
  look: (page: Page) => Promise<void>,
  {
    from = dashboard.url,
    complaints: expected = [],
    ...options
  }: BrowserContextOptions & { from?: string; complaints?: RegExp[] } = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  try {
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    await page.goto(from + path);
    await look(page);
    expect(complaints.filter((complaint) => !expected.some((known) => known.test(complaint)))).toEqual([]);
  } finally {
    await context.close();
  }
}

const figure = async (page: Page, name: string): Promise<string> =>
  plain(await page.textContent(`[data-figure=${name}]`));

/** What stands in the rows of a ranking: its key, rank, amount and number of invoices. */
async function ranking(page: Page, tile: string): Promise<string[][]> {
  const rows = await page.$$eval(`#${tile} tr[data-place]`, (elements) =>
    elements.map((row) => [
      row.getAttribute('data-place') ?? '',
      ...[...row.querySelectorAll('td')].map((cell) => cell.textContent),
    ]),
  );
  return rows.map(([place, rank, amount, , invoices]) => [place, rank, amount, invoices].map((cell) => plain(cell)));
}

function sumOf(invoices: readonly Invoice[], field: 'cents' | 'openCents' = 'cents'): string {
  return decimal(invoices.reduce((sum, invoice) => sum + invoice[field], 0n));
}

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
      expect(plain(await page.textContent('.details'))).toContain(englishEuro(decimal(newest.cents)));
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

  it('sorts the invoices by their headings', async () => {
    await visit('/?lang=en&period=all', async (page) => {
      await page.click('.invoices thead a:has-text("Revenue")');
      await page.waitForURL(/order=largest/);
      await page.waitForSelector('th[aria-sort=descending]:has-text("Revenue")');
      await page.click('.invoices thead a:has-text("Revenue")');
      await page.waitForSelector('th[aria-sort=ascending]:has-text("Revenue")');
    });
  });

  it('sorts every table by each of its headings, both ways, and keeps what is shown', async () => {
    const number = (text: string): number => Number(text.replace(/[^\d.-]/g, ''));
    const headings = async (path: string): Promise<{ id: string; href: string; sort: string }[]> => {
      const html = await (await fetch(dashboard.url + path)).text();
      const [, main = ''] = /<main[^>]*>([\s\S]*)<\/main>/.exec(html) ?? [];
      const cells = [...main.matchAll(/<thead[^>]*>([\s\S]*?)<\/thead>/g)].flatMap(([, head = '']) =>
        head.split('</th>').slice(0, -1),
      );
      return cells.map((cell) => ({
        id: /<a id="([^"]*)"/.exec(cell)?.[1] ?? '',
        href: (/href="([^"]*)"/.exec(cell)?.[1] ?? '').replaceAll('&amp;', '&'),
        sort: /aria-sort="(\w+)"/.exec(cell)?.[1] ?? 'none',
      }));
    };
    for (const path of ['/?lang=en&period=all', '/data?lang=en', '/customers?lang=en&q=e']) {
      const all = await headings(path);
      const tables = new Map<string, typeof all>();
      for (const heading of all) {
        const table = heading.id.split('-')[1] ?? '';
        tables.set(table, [...(tables.get(table) ?? []), heading]);
      }
      expect([path, tables.has('')]).toEqual([path, false]);
      const most = Math.max(...[...tables.values()].map(({ length }) => length));
      // The first heading of every table at once, then the second of each.
      for (let place = 0; place < most; place += 1) {
        const pressed = [...tables.values()].flatMap((heads) => heads[place] ?? []);
        const address = new URL(path, dashboard.url);
        for (const { href } of pressed)
          for (const [name, value] of new URL(href, dashboard.url).searchParams) address.searchParams.set(name, value);
        const after = await headings(address.pathname + address.search);
        for (const { id, sort } of pressed) {
          const now = after.find((heading) => heading.id === id);
          expect([id, now?.sort]).toEqual([
            id,
            { none: expect.stringMatching(/scending$/), ascending: 'descending', descending: 'ascending' }[sort],
          ]);
          const again = new URL(now?.href ?? '', dashboard.url).search;
          expect(again).not.toBe(address.search);
        }
      }
    }
    await visit('/?lang=en&period=all&sort_cities=-invoices&sort_countries=name', async (page) => {
      const column = (table: string, at: number): Promise<string[]> =>
        page.$$eval(
          `#${table} tbody tr`,
          (rows, cell) => rows.map((row) => row.children[cell]?.textContent.trim() ?? ''),
          at,
        );
      const counts = (await column('cities', 4)).map(number);
      expect(counts).toEqual(counts.toSorted((a, b) => b - a));
      expect(new Set(counts).size).toBeGreaterThan(3);
      const names = (await column('countries', 1)).map((name) => name.split('\n')[0]!);
      expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, 'en')));
      // Choosing a filter keeps the order, and a heading that was pressed can be pressed again.
      await page.selectOption('select[name=status]', 'paid');
      await page.waitForURL(/status=paid/);
      expect(page.url()).toContain('sort_cities=-invoices');
      await page.focus('#sort-countries-total');
      await page.keyboard.press('Enter');
      await page.waitForURL(/sort_countries=-total/);
      await page.waitForSelector('th[aria-sort=descending] #sort-countries-total');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('sort-countries-total');
    });
  }, 120_000);

  it('narrows everything by country, status and currency, remembers it in the address, and goes back', async () => {
    const german = company.invoices.filter(({ place, counts }) => place.countryCode === 'DE' && counts);
    const open = german.filter(({ status }) => status === 'open');
    const all = await (async () => [...addUp(company, () => '').values()][0]!)();
    await visit('/?lang=en&period=all', async (page) => {
      await page.selectOption('select[name=country]', 'DE');
      await page.waitForURL(/country=DE/);
      await page.focus('select[name=status]');
      await page.selectOption('select[name=status]', 'open');
      await page.waitForURL(/status=open/);
      await expectFigure(page, 'total', englishEuro(sumOf(open)));
      expect(await page.$$eval('#countries tr[data-place]', (rows) => rows.length)).toBe(1);
      expect(await page.textContent('.chips')).toContain('Germany');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('status');
      expect(plain(await page.textContent('[role=status]'))).toContain(englishEuro(sumOf(open)));
      await page.reload();
      await expectFigure(page, 'total', englishEuro(sumOf(open)));
      await page.click('.chips a:has-text("Clear filters")');
      await page.waitForFunction(() => !document.querySelector('.chips'));
      await page.selectOption('select[name=period]', 'all');
      await expectFigure(page, 'total', englishEuro(decimal(totalOf(all))));
      await page.goBack();
      await page.goBack();
      await expectFigure(page, 'total', englishEuro(sumOf(open)));
      // A cancelled invoice is paid in sevDesk's eyes; under a status only what stands counts.
      const paid = company.invoices.filter(({ status, counts }) => status === 'paid' && counts);
      expect(paid.length).toBeLessThan(company.invoices.filter(({ status }) => status === 'paid').length);
      await page.goto(`${dashboard.url}/?lang=en&period=all&status=paid`);
      expect(await figure(page, 'invoice-count')).toBe(String(paid.length));
      expect(await page.$$eval('#invoices .cancelled', (rows) => rows.length)).toBe(0);
      await page.goto(`${dashboard.url}/?lang=en&period=all&currency=CHF`);
      const francs = [...addUp(company, ({ currency }) => currency)].find(([currency]) => currency === 'CHF')![1];
      await expectFigure(page, 'total', englishEuro(decimal(totalOf(francs))));
    });
  });

  it('narrows by a period of one’s own and by clicking a city, its ends included', async () => {
    const dates = company.invoices
      .filter(({ counts }) => counts)
      .map(({ date }) => date)
      .sort();
    const [from, to] = [dates[Math.floor(dates.length * 0.4)]!, dates[Math.floor(dates.length * 0.8)]!];
    const inside = ({ date }: { date: string }): boolean => date >= from && date <= to;
    const part: Company = {
      invoices: company.invoices.filter(inside),
      creditNotes: company.creditNotes.filter(inside),
    };
    const sums = addUp(part, ({ place }) => `${place.countryCode}/${place.city}`);
    const sum = [...sums.values()].reduce((total, place) => total + totalOf(place), 0n);
    await visit('/?lang=en&period=all', async (page) => {
      await page.selectOption('select[name=period]', 'custom');
      await page.fill('input[name=from]', from);
      await page.fill('input[name=to]', to);
      await page.waitForURL(new RegExp(`from=${from}.*to=${to}`));
      await expectFigure(page, 'total', englishEuro(decimal(sum)));
      await page.click('#cities tr[data-place="DE/Berlin"] a');
      await expectFigure(page, 'total', englishEuro(decimal(totalOf(sums.get('DE/Berlin')!))));
      expect(page.url()).toContain('city=Berlin');
    });
  });

  it('shows countries on maps of its own, by name and figure, each a link for the keyboard', async () => {
    const austrian = addUp(company, ({ place }) => place.countryCode).get('AT')!;
    await visit('/?lang=en&period=all', async (page) => {
      const names = await page.$$eval('#world a', (links) => links.map((link) => link.getAttribute('aria-label')));
      const ranked = await page.$$eval('#countries tbody th a', (links) => links.map((link) => link.textContent));
      const unknown = plain(await page.textContent('#world .quiet'));
      expect([...names.map((name) => name?.split(':')[0]), 'Unknown'].sort()).toEqual(ranked.map(plain).sort());
      expect(unknown).toMatch(/^Not on the map: Unknown \(€[\d,.]+\)$/);
      expect(names.find((name) => name?.startsWith('Austria'))).toContain(englishEuro(decimal(totalOf(austrian))));
      expect(await page.$$eval('#world svg > title', (titles) => titles.map((title) => title.textContent))).toEqual([
        'Map of Europe',
        'Map of the world',
      ]);
      await page.focus('#world a[data-country=AT]');
      await page.keyboard.press('Enter');
      await expectFigure(page, 'total', englishEuro(decimal(totalOf(austrian))));
    });
  });

  it('opens with the last twelve months, compared with the same days a year earlier', async () => {
    const [year = 0, month = 0] = today.split('-').map(Number);
    const iso = (date: Date): string => date.toISOString().slice(0, 10);
    const from = iso(new Date(Date.UTC(year, month - 12, 1)));
    const shown = addUp(company, ({ date }) => String(date >= from && date <= today)).get('true')!;
    const [then, until] = [`${Number(from.slice(0, 4)) - 1}${from.slice(4)}`, `${year - 1}${today.slice(4)}`];
    const before = addUp(company, ({ date }) => String(date >= then && date <= until)).get('true')!;
    const change = Number(totalOf(shown)) / Number(totalOf(before)) - 1;
    const percent = new Intl.NumberFormat('en-GB', {
      style: 'percent',
      maximumFractionDigits: 1,
      signDisplay: 'exceptZero',
    });
    await visit('/?lang=en', async (page) => {
      expect(await figure(page, 'total')).toBe(englishEuro(decimal(totalOf(shown))));
      expect(await page.inputValue('select[name=period]')).toBe('last_12_months');
      const said = plain(await page.textContent('.change'));
      expect(said).toContain(plain(percent.format(change)));
      expect(said).toContain('vs the period before, a year earlier');
      expect(await page.getAttribute('.languages a:first-child', 'href')).toContain('period=last_12_months');
      await page.selectOption('select[name=period]', 'last_month');
      await page.waitForFunction(() => document.querySelectorAll('.change').length === 2);
    });
  });

  it('opens old links whose values mean nothing any more, and says what it left out', async () => {
    await visit('/?lang=en&country=germany&from=2026-02-31&status=late&page=0', async (page) => {
      expect(await page.textContent('.note')).toContain('from=2026-02-31, country=germany, status=late');
      expect(await page.isVisible('[data-figure=total]')).toBe(true);
    });
  });

  it('can be used without a script', async () => {
    const austrian = addUp(company, ({ place }) => place.countryCode).get('AT')!;
    await visit(
      '/?lang=en&period=all',
      async (page) => {
        await page.selectOption('select[name=country]', 'AT');
        await page.click('button[type=submit]');
        expect(await figure(page, 'total')).toBe(englishEuro(decimal(totalOf(austrian))));
      },
      { javaScriptEnabled: false },
    );
  });

  it('can be used with the keyboard alone', async () => {
    await visit('/?lang=en&period=all', async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.textContent(':focus')).toBe('Skip to the figures');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
      await page.focus('#trend ol li:last-child a');
      const tip = await page.$eval('#trend ol li:last-child a', (link) => getComputedStyle(link, '::after').content);
      expect(plain(tip)).toContain(plain(await page.getAttribute('#trend ol li:last-child a', 'aria-label')));
      await page.keyboard.press('Enter');
      await page.waitForURL(/period=custom/);
    });
  });

  it('pages through all invoices without one twice', async () => {
    const numbers = new Set<string>();
    const count = company.invoices.length;
    for (let page = 1; page <= Math.ceil(count / 25); page++) {
      const html = await (await fetch(`${dashboard.url}/?lang=en&period=all&order=largest&page=${page}`)).text();
      for (const [, number] of html.matchAll(/\/invoices\/[^>]+>((?:RE|SR)-\d+)</g)) numbers.add(number!);
    }
    expect(numbers.size).toBe(count);
  });

  it('comes compressed, and weighs no more on the wire than 150 kB with all that belongs to it', async () => {
    for (const path of ['/?lang=de', '/?lang=en&cities=all', '/customers?lang=de', '/data?lang=de'])
      await visit('/data?lang=en', async (page) => {
        const bytes = await countBytes(page);
        await page.goto(dashboard.url + path, { waitUntil: 'networkidle' });
        expect(bytes()).toBeGreaterThan(5_000);
        expect(bytes()).toBeLessThan(150_000);
      });
  });

  it('shows names as text, whatever they contain', async () => {
    await visit('/?lang=en&period=all&order=largest', async (page) => {
      expect(await page.title()).toBe('Invoice revenue');
      const seen = new Set<string>();
      for (let number = 1; number <= 3; number++) {
        await page.goto(`${dashboard.url}/?lang=en&period=all&page=${number}`);
        for (const name of await page.$$eval('#invoices td:nth-child(3)', (cells) =>
          cells.map((cell) => cell.textContent),
        ))
          seen.add(plain(name));
      }
      expect(seen).toContain(plain(HOSTILE_CUSTOMER));
      expect(await page.title()).toBe('Invoice revenue');
    });
  });
});

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

inBrowser('a reader who may see some countries', () => {
  let other: DashboardProcess;
  const read = (path: string, countries = 'AT, CH'): Promise<Response> =>
    fetch(other.url + path, { headers: { 'X-Forwarded-User': 'Änne', 'X-Countries': countries } });

  beforeAll(async () => {
    other = await startDashboard({
      ...accountSettings(snowflake, 'SEVDESK'),
      DASHBOARD_SIGN_IN: 'proxy',
      DASHBOARD_PROXY_COUNTRIES_HEADER: 'X-Countries',
    });
  }, 60_000);

  afterAll(() => other.stop());

  it('finds the figures, files, filters and invoices of those and of no others', async () => {
    const isMine = ({ place }: { place: { countryCode: string } }): boolean => ['AT', 'CH'].includes(place.countryCode);
    const mine = company.invoices.filter(isMine);
    const notMine = company.invoices.filter((invoice) => !isMine(invoice));
    const sums = [...addUp(company, (document) => String(isMine(document)))].find(([key]) => key === 'true')![1];
    for (const path of [
      '/',
      '/customers',
      '/why/total',
      '/?country=DE',
      `/?customer=${contactId(notMine[0]!.customer)}`,
    ]) {
      const html = await (await read(`${path}${path.includes('?') ? '&' : '?'}lang=en`)).text();
      expect(html).not.toMatch(/Germany|Berlin|Poland/);
    }
    const home = plain(await (await read('/?lang=en&period=all')).text());
    expect(home).toContain(englishEuro(decimal(totalOf(sums))));
    const lines = (await (await read('/csv/invoices.csv?lang=en')).text()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(mine.length + 1);
    expect((await read(`/invoices/${mine[0]!.id}`)).status).toBe(200);
    for (const path of [
      `/invoices/${notMine[0]!.id}`,
      '/data',
      '/csv/review.csv',
      '/xlsx/exclusions.xlsx',
      '/csv/pipeline.csv',
    ])
      expect([path, (await read(path)).status]).toEqual([path, 404]);
  });

  it('finds nothing when no country is granted, and everything with *', async () => {
    expect(plain(await (await read('/?lang=en&period=all', '')).text())).toContain('No invoices yet');
    expect(await (await read('/?lang=en&period=all', '*')).text()).toMatch(/Germany/);
    expect((await fetch(other.url)).status).toBe(401);
  });
});

inBrowser('the age of the data', () => {
  const RED = /rgb\(179, 32, 26\)/;
  const badgeColour = (page: Page): Promise<string> =>
    page.$eval('.freshness', (badge) => getComputedStyle(badge).backgroundColor);

  it('is shown, and green while the data is current', async () => {
    await visit('/?lang=en', async (page) => {
      expect(plain(await page.textContent('.freshness'))).toMatch(
        /^Data as of \d\d? \w+ \d{4}, \d\d:\d\d 1[2-9] minutes ago$/,
      );
      expect(await page.isVisible('.banner')).toBe(false);
      expect(await badgeColour(page)).not.toMatch(RED);
    });
  });

  it('turns the page red while it stays open, as soon as the data is too old', async () => {
    await visit('/?lang=en', async (page) => {
      await page.clock.install({ time: new Date() });
      await page.reload();
      expect(await page.isVisible('.banner-outdated')).toBe(false);
      await page.clock.fastForward((OUTDATED_AFTER_MINUTES + 5) * MINUTE_MS);
      await page.waitForSelector('.banner-outdated', { state: 'visible' });
      expect(await badgeColour(page)).toMatch(RED);
    });
  });

  it('is red from the start when outdated, on every page, and says since when', async () => {
    const set = (minutes: number): Promise<unknown> =>
      client.query(
        `update SEVDESK.ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY set data_as_of = '${new Date(Date.now() - minutes * MINUTE_MS).toISOString()}'`,
      );
    await set(OUTDATED_AFTER_MINUTES + 2);
    try {
      for (const path of ['/?lang=en', '/data?lang=en']) {
        await visit(path, async (page) => {
          const banner = await page.waitForSelector('.banner-outdated', { state: 'visible' });
          expect(plain(await banner.textContent())).toMatch(/These figures are outdated.*9[12] minutes ago/);
          expect(await badgeColour(page)).toMatch(RED);
          expect(await violations(page)).toEqual([]);
        });
      }
    } finally {
      await set(12);
    }
  });

  it('is called unknown, not fresh, when the loader keeps no ledger', async () => {
    await client.query('update SEVDESK.ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY set data_as_of = null');
    try {
      await visit('/?lang=en', async (page) => {
        expect(plain(await page.textContent('.freshness'))).toBe('Data age unknown');
        expect(await page.isVisible('.banner-unknown')).toBe(true);
      });
    } finally {
      await client.query(
        `update SEVDESK.ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY set data_as_of = '${new Date(Date.now() - 12 * MINUTE_MS).toISOString()}'`,
      );
    }
  });
});

inBrowser('accessibility and screens', () => {
  const VIEWS: readonly [name: string, options: BrowserContextOptions][] = [
    ['a desk, light', { colorScheme: 'light', viewport: { width: 1440, height: 900 } }],
    ['a tablet, light', { colorScheme: 'light', viewport: { width: 768, height: 1024 } }],
    ['a small phone, dark', { colorScheme: 'dark', viewport: { width: 320, height: 640 } }],
    ['a desk, dark', { colorScheme: 'dark' }],
    ['a phone, light', { viewport: PHONE, colorScheme: 'light', hasTouch: true, isMobile: true }],
    ['a phone, dark', { viewport: PHONE, colorScheme: 'dark', hasTouch: true, isMobile: true }],
  ];

  it('is never wider than the window, from a small phone to a large screen', async () => {
    for (const path of [
      '/?lang=de',
      '/?lang=en&period=this_year',
      '/data?lang=de',
      '/?lang=de&from=1999-01-01&to=1999-01-02',
    ])
      await visit(path, async (page) => {
        const tooWide: number[] = [];
        for (let width = 320; width <= 1920; width += 50) {
          await page.setViewportSize({ width, height: 900 });
          const over = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          if (over > 0) tooWide.push(width);
        }
        expect([path, tooWide]).toEqual([path, []]);
        await page.setViewportSize({ width: 320, height: 900 });
        const broken = await page.$$eval('tbody :is(td, th)', (cells) =>
          cells
            .filter((cell) => cell.clientWidth > 1 && cell.clientWidth < 40 && cell.clientHeight > 120)
            .map((cell) => cell.textContent),
        );
        expect([path, broken]).toEqual([path, []]);
      });
  }, 120_000);

  it('is read with Tab in the order in which it is seen', async () => {
    await visit('/?lang=en', async (page) => {
      const tops: number[] = [];
      for (let press = 0; press < 300; press += 1) {
        await page.keyboard.press('Tab');
        const top = await page.evaluate(() => {
          const section = document.activeElement?.closest('main section');
          return section ? Math.round(section.getBoundingClientRect().top + scrollY) : -1;
        });
        if (top < 0 && tops.length > 0) break;
        if (top >= 0) tops.push(top);
      }
      expect(tops.length).toBeGreaterThan(5);
      expect(tops).toEqual([...tops].sort((a, b) => a - b));
    });
  }, 120_000);

  it('keeps its charts on paper when the browser leaves backgrounds out', async () => {
    await visit('/?lang=en', async (page) => {
      await page.emulateMedia({ media: 'print' });
      const kept = await page.$$eval('.treemap li, .column, .bar rect', (marks) =>
        marks.every((mark) => getComputedStyle(mark).printColorAdjust === 'exact'),
      );
      expect(kept).toBe(true);
      // One page of summary, A4 less its margins, and then the tables.
      await page.setViewportSize({ width: 703, height: 1032 });
      const [end, height] = await page.$eval('#receivables', (tile) => [
        tile.getBoundingClientRect().bottom + scrollY,
        1032,
      ]);
      expect(end).toBeLessThanOrEqual(height);
    });
  });

  it.each(VIEWS)('axe finds nothing on %s, and nothing runs over the edge', async (_name, options) => {
    for (const path of [
      '/?lang=de&period=last_12_months&status=open',
      '/?lang=en',
      '/data?lang=de',
      '/nowhere?lang=de',
    ]) {
      await visit(
        path,
        async (page) => {
          expect(await violations(page)).toEqual([]);
          const [content, window] = await page.evaluate(() => [
            document.documentElement.scrollWidth,
            document.documentElement.clientWidth,
          ]);
          expect(content).toBeLessThanOrEqual(window);
        },
        { ...options, complaints: [/nowhere/, /404/] },
      );
    }
  });

  it('switches between light and dark and remembers it', async () => {
    await visit(
      '/?lang=en',
      async (page) => {
        const background = (): Promise<string> => page.$eval('html', (html) => getComputedStyle(html).backgroundColor);
        const light = await background();
        await page.click('[data-theme-toggle]');
        const dark = await background();
        expect(dark).not.toBe(light);
        await page.reload();
        expect(await background()).toBe(dark);
      },
      { colorScheme: 'light' },
    );
  });

  it('speaks the browser’s language until another one is chosen', async () => {
    await visit('/', async (page) => expect(await page.textContent('h1')).toBe('Rechnungsumsatz'), { locale: 'de-AT' });
    await visit(
      '/',
      async (page) => {
        await page.click('.languages a:has-text("EN")');
        expect(await page.textContent('h1')).toBe('Invoice revenue');
        expect(await page.getAttribute('html', 'lang')).toBe('en');
      },
      { locale: 'de-AT' },
    );
  });
});

inBrowser('when there is nothing to show', () => {
  let other: DashboardProcess | undefined;

  afterEach(async () => {
    await other?.stop();
    other = undefined;
  });

  it('helps when the tables are missing, and goes on by itself once they are there', async () => {
    other = await startDashboard(accountSettings(snowflake, 'LATER'));
    await visit(
      '/?lang=en',
      async (page) => {
        expect(await page.textContent('h1')).toBe('The dashboard’s tables are missing');
        expect(await page.textContent('main')).toContain('npm start');
        expect(await violations(page)).toEqual([]);
      },
      { from: other.url, complaints: [/503/] },
    );
    await createMarts(client, 'LATER');
    await visit('/?lang=en', async (page) => expect(await page.textContent('h1')).toBe('No invoices yet'), {
      from: other.url,
    });
  });

  it('names the tables and columns that are not as dbt promises them', async () => {
    await createMarts(client, 'BROKEN');
    await client.query('drop table BROKEN.ANALYTICS.CREDIT_NOTES_SUMMARY');
    await client.query('alter table BROKEN.ANALYTICS.INVOICES_SUMMARY drop column open_amount_eur');
    other = await startDashboard(accountSettings(snowflake, 'BROKEN'));
    await visit(
      '/?lang=en',
      async (page) => {
        const text = plain(await page.textContent('main'));
        expect(text).toContain('BROKEN.ANALYTICS lacks');
        expect(text).toContain('CREDIT_NOTES_SUMMARY: does not exist');
        expect(text).toContain('INVOICES_SUMMARY: missing columns OPEN_AMOUNT_EUR');
      },
      { from: other.url, complaints: [/503|502/] },
    );
  });

  it('helps when the tables are empty, also about where the documents went', async () => {
    await createMarts(client, 'EMPTY');
    other = await startDashboard(accountSettings(snowflake, 'EMPTY'));
    for (const [path, heading] of [
      ['/?lang=de', 'Es gibt noch keine Rechnungen'],
      ['/data?lang=de', 'Über die Daten'],
    ] as const) {
      await visit(
        path,
        async (page) => {
          expect(await page.textContent('h1')).toBe(heading);
          expect(await violations(page)).toEqual([]);
        },
        { from: other.url },
      );
    }
  });

  it('explains a period without invoices and leads to one that has some', async () => {
    await visit('/?lang=en&from=1999-01-01&to=1999-12-31', async (page) => {
      const said = plain(await page.textContent('main'));
      expect(said).toMatch(
        /There is no invoice in this period\. The oldest invoice is dated .*\d{4}, the newest .*\d{4}\./,
      );
      expect(said).not.toContain('€0');
      expect(await violations(page)).toEqual([]);
      await page.click('main .button');
      await page.waitForSelector('[data-figure=total]');
      expect(await page.textContent('#invoices tbody')).not.toBe('');
    });
  });

  it('says that filters exclude each other, where the period has invoices', async () => {
    await visit('/?lang=en&city=Atlantis', async (page) => {
      expect(plain(await page.textContent('main'))).toContain('No invoice matches all of these filters.');
    });
  });
});

async function expectFigure(page: Page, name: string, value: string): Promise<void> {
  await page
    .waitForFunction(
      ({ selector, wanted }) =>
        (document.querySelector(selector)?.textContent ?? '').replace(/[\s\u00a0\u202f]+/g, ' ').trim() === wanted,
      { selector: `[data-figure=${name}]`, wanted: value },
      { timeout: 20_000 },
    )
    .catch(() => undefined);
  expect(await figure(page, name)).toBe(value);
}
