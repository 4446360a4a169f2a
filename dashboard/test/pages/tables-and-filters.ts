/// <reference lib="dom" />
import { countBytes } from '../support/browser.js';
import type { Company } from '../support/company.js';
import { HOSTILE_CUSTOMER } from '../support/company.js';
import { addUp, decimal, totalOf } from '../support/marts.js';
import { englishEuro, plain } from '../support/reading.js';
import {
  today,
  completeUntil,
  inBrowser,
  company,
  dashboard,
  visit,
  figure,
  sumOf,
  expectFigure,
} from '../support/site.js';

inBrowser('the revenue page', () => {
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
    const yearBefore = (date: string): string => `${Number(date.slice(0, 4)) - 1}${date.slice(4)}`;
    const between = (first: string, last: string) =>
      addUp(company, ({ date }) => String(date >= first && date <= last)).get('true')!;
    const shown = between(from, today);
    const [now, before] = [between(from, completeUntil), between(yearBefore(from), yearBefore(completeUntil))];
    const change = Number(totalOf(now)) / Number(totalOf(before)) - 1;
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
      expect(said).toContain('vs the same period a year earlier');
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
