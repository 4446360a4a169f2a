/**
 * `node scripts/dagster-screenshots.mjs [--url URL]`: takes the pictures of Dagster in docs/images/ in a real browser. Start `npm run dagster` first
 * and let a run succeed. Needs Chromium (Debian: `apt-get install chromium`; or name one in CHROMIUM).
 */
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { readArguments } from './lib/arguments.mjs';
import { main } from './lib/main.mjs';
import { inRoot } from './lib/paths.mjs';

const USAGE = `usage: node scripts/dagster-screenshots.mjs [--url URL]

Takes the pictures of Dagster in docs/images. Start npm run dagster first and let a run succeed.

  --url   where Dagster is (default: http://127.0.0.1:3000)

Environment variables
  CHROMIUM   the browser to use (default: /usr/bin/chromium)
`;

const { url = 'http://127.0.0.1:3000' } = readArguments(USAGE, { url: { type: 'string' } }).values;
const SIZE = { width: 1600, height: 900 };
/** A way through all stages: the whole graph would be too small to read. */
const PATH = [
  'sevdesk',
  'RAW/INVOICES',
  'RAW/CONTACTS',
  'STAGING/INVOICES_STG',
  'STAGING/CONTACTS_STG',
  'DBT/ENRICHED',
  'ANALYTICS/INVOICES_SUMMARY',
  'dashboard/revenue',
  'looker/view/revenue',
  'looker/explore/revenue',
  'looker/dashboard/invoice_revenue',
];
const selection = encodeURIComponent(PATH.map((key) => `key:"${key}"`).join(' or '));
const GROUPS = ['sources', 'raw', 'staging', 'dbt', 'analytics', 'dashboard', 'looker'];
/** How long the page may take to lay its graph out. */
const SETTLE_MS = 8000;
const OPEN_MS = 1500;

async function lastSuccessfulRun() {
  const query = '{ runsOrError(limit: 1, filter: { statuses: [SUCCESS] }) { ... on Runs { results { runId } } } }';
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = await answer.json();
  const [run] = data.runsOrError.results;
  if (!run) throw new Error(`no run has succeeded yet on ${url}: launch one and try again`);
  return run.runId;
}

await main(async () => {
  const images = inRoot('docs', 'images');
  await mkdir(images, { recursive: true });
  const runId = await lastSuccessfulRun();
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    // Containers run as root, where Chromium's own sandbox is not to be had; it opens this machine's pages only.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage({ viewport: SIZE });
    const take = async (name, address) => {
      await page.goto(`${url}${address}`, { waitUntil: 'load' });
      await page.waitForTimeout(SETTLE_MS);
      await page.screenshot({ path: `${images}/${name}.png` });
    };
    // The page asks newcomers for their address once.
    await page.goto(url, { waitUntil: 'load' });
    await page
      .getByRole('button', { name: 'Skip' })
      .click({ timeout: SETTLE_MS })
      .catch(() => undefined);
    await page.goto(`${url}/asset-groups~${selection}`, { waitUntil: 'load' });
    // Groups come closed; a click on one in the graph opens it.
    for (const group of GROUPS) {
      await page.locator('foreignObject').getByText(group, { exact: true }).first().click({ timeout: SETTLE_MS });
      await page.waitForTimeout(OPEN_MS);
    }
    // Loaded again, the graph fits the window.
    await page.reload({ waitUntil: 'load' });
    await page.waitForTimeout(SETTLE_MS);
    await page.screenshot({ path: `${images}/dagster-asset-graph.png` });
    await take('dagster-run', `/runs/${runId}`);
  } finally {
    await browser.close();
  }
});
