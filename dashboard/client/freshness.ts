const TICK_MS = 15_000;
const ASK_EVERY_MS = 60_000;

/** When the reader last did something. */
let touchedAt = 0;

interface Freshness {
  readonly dataAsOf: number | null;
  readonly refreshedAt: number | null;
}

/**
 * Keeps the age of the data true while the page stays open: the badge counts on, the page turns red the moment the data is too old, and new
 * figures bring the page up to date. Nothing is asked while the page is hidden, so that a forgotten tab keeps no warehouse awake.
 */
export function keepAgeCurrent(): void {
  const badge = document.querySelector<HTMLElement>('.freshness');
  if (!badge) return;
  setInterval(() => showAge(badge), TICK_MS);
  showAge(badge);
  for (const event of ['pointerdown', 'keydown', 'input'])
    document.addEventListener(event, () => (touchedAt = Date.now()), { passive: true });
  let askedAt = Date.now();
  const ask = (): void => {
    if (document.hidden || Date.now() - askedAt < ASK_EVERY_MS) return;
    askedAt = Date.now();
    void reloadWhenNew(badge);
  };
  setInterval(ask, TICK_MS);
  document.addEventListener('visibilitychange', ask);
}

function showAge(badge: HTMLElement): void {
  const asOf = Number(badge.dataset['asOf']);
  const limit = Number(badge.dataset['outdatedAfterMs']);
  const age = badge.querySelector('[data-age]');
  if (!age || Number.isNaN(asOf)) return;
  const milliseconds = Date.now() - asOf;
  age.textContent = ago(milliseconds, document.documentElement.lang);
  document.documentElement.dataset['freshness'] = milliseconds > limit ? 'outdated' : 'fresh';
}

async function reloadWhenNew(badge: HTMLElement): Promise<void> {
  const response = await fetch('/freshness.json').catch(() => undefined);
  if (!response?.ok) return;
  const { dataAsOf, refreshedAt } = (await response.json()) as Freshness;
  // An hour in which nothing changed builds no table, but the figures are known to be right for later.
  const time = badge.querySelector('time');
  if (dataAsOf !== null && String(dataAsOf) !== badge.dataset['asOf'] && time) {
    badge.dataset['asOf'] = String(dataAsOf);
    time.dateTime = new Date(dataAsOf).toISOString();
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang === 'de' ? 'de-DE' : 'en-GB', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'medium',
      timeStyle: 'short',
    }).format(dataAsOf);
    showAge(badge);
  }
  // Never under the reader's fingers: someone who is choosing something gets the new figures a little later.
  const isBusy = document.activeElement?.closest('form') != null && Date.now() - touchedAt < ASK_EVERY_MS;
  if (refreshedAt !== null && String(refreshedAt) !== badge.dataset['refreshedAt'] && !isBusy) location.reload();
}

function ago(milliseconds: number, language: string): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  const relative = new Intl.RelativeTimeFormat(language);
  if (minutes < 120) return relative.format(-minutes, 'minute');
  return minutes < 48 * 60
    ? relative.format(-Math.floor(minutes / 60), 'hour')
    : relative.format(-Math.floor(minutes / 1440), 'day');
}
