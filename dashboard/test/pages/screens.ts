/// <reference lib="dom" />
import type { BrowserContextOptions } from 'playwright-core';
import { violations } from '../support/browser.js';
import { plain } from '../support/reading.js';
import { PHONE, inBrowser, visit } from '../support/site.js';

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
        // Once a table has become cards, each value needs its column's name.
        const unnamed = await page.$$eval('.cards tbody td:not([data-label])', (cells) =>
          cells.map((cell) => cell.textContent),
        );
        expect([path, unnamed]).toEqual([path, []]);
        await page.setViewportSize({ width: 320, height: 900 });
        const broken = await page.$$eval('tbody :is(td, th)', (cells) =>
          cells
            .filter((cell) => cell.clientWidth > 1 && cell.clientWidth < 40 && cell.clientHeight > 120)
            .map((cell) => cell.textContent),
        );
        expect([path, broken]).toEqual([path, []]);
      });
  }, 120_000);

  it.each([1024, 1440])(
    'shows every table as a table on a screen %d wide, with no word of it broken',
    async (width) => {
      await visit(
        '/?lang=de&period=all',
        async (page) => {
          const cards = await page.$$eval('table tbody tr', (rows) =>
            rows.filter((row) => getComputedStyle(row).display !== 'table-row').map((row) => row.textContent),
          );
          expect(cards).toEqual([]);
          // A city of one word stands on one line.
          const broken = await page.$$eval('.invoices td:nth-child(4)', (cells) =>
            cells.flatMap(({ firstChild: name }) => {
              const text = name?.textContent?.trim() ?? '';
              const range = document.createRange();
              if (name === null || /[\s-]/.test(text)) return [];
              range.selectNodeContents(name);
              return range.getBoundingClientRect().height > 30 ? [text] : [];
            }),
          );
          expect(broken).toEqual([]);
        },
        { viewport: { width, height: 900 } },
      );
    },
  );

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

  it.each([
    [
      '/?lang=en&from=2020-02-01&country=DE&status=paid&currency=EUR&measure=net&date=service',
      'Period: from 1 Feb 2020 · Amounts: Excluding tax · Date: Service date · Country: Germany · Payment: Paid · Billed in: EUR',
    ],
    [
      '/?lang=de&from=2020-02-01&to=2020-03-31&country=DE&city=Unknown&status=overdue',
      'Zeitraum: 01.02.2020 – 31.03.2020 · Beträge: brutto · Datum: Rechnungsdatum · Land: Deutschland · Ort: Ort unbekannt · Zahlung: Überfällig',
    ],
    ['/?lang=en&period=all', 'Period: All time · Amounts: Including tax · Date: Invoice date'],
    ['/?lang=de&to=1999-12-31', 'Zeitraum: bis 31.12.1999 · Beträge: brutto · Datum: Rechnungsdatum'],
    [
      '/customers?lang=de&measure=net&q=gmbh',
      'Zeitraum: Gesamt · Beträge: netto · Datum: Rechnungsdatum · Kundenname: „gmbh“',
    ],
    [
      '/why/total?lang=en&to=2030-01-31&currency=USD',
      'Period: until 31 Jan 2030 · Amounts: Including tax · Date: Invoice date · Billed in: USD',
    ],
  ])('says on paper what %s is narrowed to, in one line in place of the form', async (path, line) => {
    await visit(path, async (page) => {
      await page.emulateMedia({ media: 'print' });
      const printed = await page.$$eval('main p, main form, main .chips, .page-title .quiet', (elements) =>
        elements.flatMap((element) =>
          element.checkVisibility() && element.closest('section') === null ? [element.textContent] : [],
        ),
      );
      const selection = await page.textContent('.selection');
      expect(plain(selection)).toBe(line);
      expect(await page.$eval('.selection', (element) => element.checkVisibility())).toBe(true);
      expect(printed.filter((text) => /brutto|netto|tax/.test(text) && text !== selection)).toEqual([]);
    });
  });

  it('prints which customer the figures are narrowed to, by name', async () => {
    await visit('/?lang=en&period=all', async (page) => {
      const link = page.locator('#customers tbody a').first();
      const name = plain(await link.textContent());
      await link.click();
      await page.waitForSelector('.chips');
      expect(plain(await page.textContent('.selection'))).toContain(`Customer: ${name}`);
    });
  });

  it('prints a list of customers that is longer than a page from the first page on', async () => {
    await visit('/customers?lang=en', async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.$eval('#customers', (tile) => getComputedStyle(tile).breakInside)).toBe('auto');
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
