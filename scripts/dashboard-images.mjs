/**
 * `node scripts/dashboard-images.mjs`: takes the pictures of the dashboard in `docs/images/`, of what `npm start` left. The outdated one is
 * taken with a limit that the data is older than. Needs a Chromium; `CHROMIUM` names another one.
 */
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { startServer } from './lib/local-server.mjs';
import { main } from './lib/main.mjs';
import { inRoot } from './lib/paths.mjs';

const DESK = { viewport: { width: 1280, height: 1460 } };
const PHONE = { viewport: { width: 390, height: 1240 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1.5 };

const PICTURES = [
  { name: 'dashboard', path: '/?lang=en&period=last_12_months', options: DESK },
  { name: 'dashboard-dark', path: '/?lang=de', options: { ...DESK, colorScheme: 'dark' } },
  { name: 'dashboard-phone', path: '/?lang=de&period=this_year', options: PHONE },
  { name: 'dashboard-phone-dark', path: '/?lang=en&status=overdue', options: { ...PHONE, colorScheme: 'dark' } },
  { name: 'dashboard-data', path: '/data?lang=en', options: DESK },
  {
    name: 'dashboard-outdated',
    path: '/?lang=en',
    options: { viewport: { width: 1280, height: 640 } },
    maxAgeMinutes: 1,
  },
];

async function take(browser, { name, path, options, maxAgeMinutes }) {
  const dashboard = await startServer({
    name: 'the dashboard',
    command: process.execPath,
    args: [inRoot('scripts/dashboard.mjs'), '--local'],
    env: {
      DASHBOARD_PORT: '0',
      NO_OPEN: '1',
      ...(maxAgeMinutes && { DASHBOARD_MAX_AGE_MINUTES: String(maxAgeMinutes) }),
    },
  });
  try {
    const page = await browser.newPage(options);
    await page.goto(dashboard.url + path);
    await page.screenshot({ path: inRoot('docs/images', `${name}.png`) });
    await page.close();
    process.stdout.write(`docs/images/${name}.png\n`);
  } finally {
    await dashboard.stop();
  }
}

await main(async () => {
  await mkdir(inRoot('docs/images'), { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
  try {
    for (const picture of PICTURES) await take(browser, picture);
  } finally {
    await browser.close();
  }
});
