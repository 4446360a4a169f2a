/// <reference lib="dom" />
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { LocalSnowflake, SnowflakeClient } from '../../../test/support/local-snowflake.js';
import { connect, startLocalSnowflake } from '../../../test/support/local-snowflake.js';
import { collectComplaints, findChromium, launch } from './browser.js';
import type { DashboardProcess } from './command.js';
import { accountSettings, startDashboard } from './command.js';
import type { Company, Invoice } from './company.js';
import { makeCompany } from './company.js';
import { createMarts, decimal, fillMarts } from './marts.js';
import { plain } from './reading.js';

export const MINUTE_MS = 60_000;
export const OUTDATED_AFTER_MINUTES = 90;
export const PHONE = { width: 390, height: 844 };
const dayOf = (instant: Date): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(instant);
export const today = dayOf(new Date());
const dataAsOf = new Date(Date.now() - 12 * MINUTE_MS);
/** The day up to which the data is complete: yesterday in the first minutes of a day. */
export const completeUntil = dayOf(dataAsOf);

// Installing it where that is possible comes before the tests are known, so that they are reported as skipped where it is not.
const chromium = await findChromium();
export const inBrowser = chromium === undefined ? describe.skip : describe;

export let snowflake: LocalSnowflake;
export let client: SnowflakeClient;
export let company: Company;
export let dashboard: DashboardProcess;
export let browser: Browser;
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
  await fillMarts(client, company, { dataAsOf, refreshedAt: new Date() });
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
export async function visit(
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

export const figure = async (page: Page, name: string): Promise<string> =>
  plain(await page.textContent(`[data-figure=${name}]`));

/** What stands in the rows of a ranking: its key, rank, amount and number of invoices. */
export async function ranking(page: Page, tile: string): Promise<string[][]> {
  const rows = await page.$$eval(`#${tile} tr[data-place]`, (elements) =>
    elements.map((row) => [
      row.getAttribute('data-place') ?? '',
      ...[...row.querySelectorAll('td')].map((cell) => cell.textContent),
    ]),
  );
  return rows.map(([place, rank, amount, , invoices]) => [place, rank, amount, invoices].map((cell) => plain(cell)));
}

export function sumOf(invoices: readonly Invoice[], field: 'cents' | 'openCents' = 'cents'): string {
  return decimal(invoices.reduce((sum, invoice) => sum + invoice[field], 0n));
}

export async function expectFigure(page: Page, name: string, value: string): Promise<void> {
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
