/// <reference lib="dom" />
import { violations } from '../support/browser.js';
import type { DashboardProcess } from '../support/command.js';
import { accountSettings, startDashboard } from '../support/command.js';
import { createMarts } from '../support/marts.js';
import { plain } from '../support/reading.js';
import { inBrowser, snowflake, client, visit } from '../support/site.js';

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
      ['/?lang=de', 'Noch keine Rechnungen'],
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
