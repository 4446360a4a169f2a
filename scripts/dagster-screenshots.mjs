/**
 * `node scripts/dagster-screenshots.mjs [URL]`: takes the pictures of Dagster in docs/images/ in a real browser. Start `npm run dagster` first
 * and let a run succeed. Needs Chromium (Debian: `apt-get install chromium`; or name one in CHROMIUM).
 */
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { main } from './lib/main.mjs';
import { inRoot } from './lib/paths.mjs';

const url = process.argv[2] ?? 'http://127.0.0.1:3000';
const SIZE = { width: 1600, height: 900 };
/** How long the page may take to lay its graph out. */
const SETTLE_MS = 4000;

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
      await page.goto(`${url}${address}`, { waitUntil: 'networkidle' });
      await page.waitForTimeout(SETTLE_MS);
      await page.screenshot({ path: `${images}/${name}.png` });
    };
    await take('dagster-asset-graph', '/asset-groups');
    await take('dagster-run', `/runs/${runId}`);
  } finally {
    await browser.close();
  }
});
