/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { violations } from '../support/browser.js';
import { plain } from '../support/reading.js';
import { MINUTE_MS, OUTDATED_AFTER_MINUTES, inBrowser, client, visit } from '../support/site.js';

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
