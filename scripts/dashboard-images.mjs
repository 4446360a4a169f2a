/**
 * `node scripts/dashboard-images.mjs [--all]`: takes the pictures of the dashboard in `docs/images/`, of what `npm start` left. With `--all` also
 * every page at five widths, light and dark, in both languages, and as it is printed, into `.local/dashboard-images/`: to be looked at after a
 * change of styles or words.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { readArguments } from './lib/arguments.mjs';
import { startServer } from './lib/local-server.mjs';
import { main } from './lib/main.mjs';
import { inRoot } from './lib/paths.mjs';

const USAGE = `usage: node scripts/dashboard-images.mjs [--all]

Takes the pictures of the dashboard in docs/images, of what npm start left.

  --all   also every page at five widths, light and dark, in both languages, and as it is printed,
          into .local/dashboard-images

Environment variables
  CHROMIUM   the browser to use (default: /usr/bin/chromium)
`;

const { all = false } = readArguments(USAGE, { all: { type: 'boolean' } }).values;

const DESK = { viewport: { width: 1280, height: 1460 } };
const PHONE = { viewport: { width: 390, height: 1240 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1.5 };

/** Those that the documentation shows. The outdated one is taken with a limit that the data is older than. */
const PICTURES = [
  { name: 'dashboard', path: '/?lang=en', options: DESK },
  { name: 'dashboard-dark', path: '/?lang=de', options: { ...DESK, colorScheme: 'dark' } },
  { name: 'dashboard-phone', path: '/?lang=de&period=this_year', options: PHONE },
  {
    name: 'dashboard-phone-dark',
    path: '/?lang=en&period=all&status=overdue',
    options: { ...PHONE, colorScheme: 'dark' },
  },
  { name: 'dashboard-data', path: '/data?lang=en', options: DESK },
  {
    name: 'dashboard-outdated',
    path: '/?lang=en',
    options: { viewport: { width: 1280, height: 640 } },
    maxAgeMinutes: 1,
  },
];

const WIDTHS = [320, 390, 768, 1024, 1440];
const THEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'de'];
const PAGES = [
  ['revenue', '/?'],
  ['customers', '/customers?'],
  ['data', '/data?'],
  ['why', '/why/total?'],
  ['city', '/?country=DE&city=Berlin&'],
  ['empty', '/?from=1999-01-01&to=1999-12-31&'],
];

const serve = (maxAgeMinutes) =>
  startServer({
    name: 'the dashboard',
    command: process.execPath,
    args: [inRoot('scripts/dashboard.mjs'), '--local'],
    env: {
      DASHBOARD_PORT: '0',
      NO_OPEN: '1',
      ...(maxAgeMinutes && { DASHBOARD_MAX_AGE_MINUTES: String(maxAgeMinutes) }),
    },
  });

/** Opens a page that has figures to show: pictures of an error would be taken for the dashboard. */
async function open(browser, url, options) {
  const page = await browser.newPage(options);
  const answer = await page.goto(url);
  if (!answer.ok()) throw new Error(`${url} answered ${answer.status()} (${await page.title()}). Run npm start first.`);
  return page;
}

/** Keeps 192 colours, which nobody sees and which makes a picture a third of its size; as it is where ImageMagick is not installed. */
const shrink = (file) =>
  promisify(execFile)('convert', [file, '-strip', '+dither', '-colors', '192', `PNG8:${file}`]).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });

async function takeForDocs(browser) {
  await mkdir(inRoot('docs/images'), { recursive: true });
  for (const maxAgeMinutes of [undefined, 1]) {
    const dashboard = await serve(maxAgeMinutes);
    try {
      for (const picture of PICTURES.filter((one) => one.maxAgeMinutes === maxAgeMinutes)) {
        const page = await open(browser, dashboard.url + picture.path, picture.options);
        const file = inRoot('docs/images', `${picture.name}.png`);
        await page.screenshot({ path: file });
        await page.close();
        await shrink(file);
        process.stdout.write(`docs/images/${picture.name}.png\n`);
      }
    } finally {
      await dashboard.stop();
    }
  }
}

/** Where the newest invoice has its page. */
async function newestInvoice(url) {
  const page = await (await fetch(`${url}/`)).text();
  const [, address] = /href="(\/invoices\/[^"?]+)/.exec(page) ?? [];
  if (address === undefined) throw new Error(`${url} shows no invoice`);
  return `${address}?`;
}

async function takeAll(browser) {
  const folder = inRoot('.local/dashboard-images');
  await mkdir(folder, { recursive: true });
  const dashboard = await serve();
  const openIn = (language, address, options) => open(browser, `${dashboard.url}${address}lang=${language}`, options);
  try {
    for (const [name, address] of [...PAGES, ['invoice', await newestInvoice(dashboard.url)]])
      for (const language of LANGUAGES) {
        for (const colorScheme of THEMES)
          for (const width of WIDTHS) {
            const page = await openIn(language, address, { viewport: { width, height: 900 }, colorScheme });
            const file = `${name}-${language}-${colorScheme}-${width}.png`;
            await page.screenshot({ path: path.join(folder, file), fullPage: true });
            await page.close();
          }
        const page = await openIn(language, address, {});
        await page.pdf({ path: path.join(folder, `${name}-${language}-print.pdf`), format: 'A4' });
        await page.close();
        process.stdout.write(`.local/dashboard-images/${name}-${language}-…\n`);
      }
  } finally {
    await dashboard.stop();
  }
}

await main(async () => {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
  try {
    await takeForDocs(browser);
    if (all) await takeAll(browser);
  } finally {
    await browser.close();
  }
});
