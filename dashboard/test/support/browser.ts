import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium that is there (`CHROMIUM` names one of your own), else the one that Debian's package brings where this may install it.
 * Undefined, with a line that says so, when there is none to be had.
 */
export async function findChromium(): Promise<string | undefined> {
  const present = [process.env['CHROMIUM'], ...PLACES].find((place) => place && existsSync(place));
  if (present) return present;
  const reason = await installChromium();
  const installed = PLACES.find((place) => existsSync(place));
  if (installed) return installed;
  process.stderr.write(
    `SKIPPED: the dashboard's browser tests, because no Chromium was found ${reason}. Install one, or name it in CHROMIUM.\n`,
  );
  return undefined;
}

async function installChromium(): Promise<string> {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return 'and this system has no apt-get';
  if (process.getuid?.() !== 0) return 'and only root may install it';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Waits for its turn, where several test runs share a machine.
  const apt = (...args: string[]) => run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { env });
  try {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
    return '';
  } catch (error) {
    return `and apt-get could not install it (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''})`;
  }
}

/** Starts a Chromium of its own, with a profile that is thrown away. */
export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}

/** What a page complained about: console errors and warnings, exceptions, requests that failed. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return complaints;
}

/** How many bytes a page has brought over the wire so far, with all that belongs to it; to be asked for before the page is opened. */
export async function countBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  return () => bytes;
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** Every violation that axe finds of WCAG 2.2 AA and of its best practices, one line each. */
export async function violations(page: Page): Promise<string[]> {
  // The page's own policy lets no script in; axe is put there over the debugger, past the policy.
  await page.evaluate(await axeSource());
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const result = await page.evaluate<AxeResult>(`axe.run(document, { runOnly: ${JSON.stringify(tags)} })`);
  return result.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help} – ${html} ${failureSummary ?? ''}`),
  );
}

async function axeSource(): Promise<string> {
  const { default: axe } = (await import(createRequire(import.meta.url).resolve('axe-core'))) as {
    default: { source: string };
  };
  return axe.source;
}
