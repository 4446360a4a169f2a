let latest: AbortController | undefined;

/** Applies filters at once and follows links of the page without a reload; the address line, going back and focus stay as without it. */
export function swapInPlace(): void {
  document.addEventListener('change', (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>('form[data-filters]') : null;
    if (form) applyFilters(form, event.target as HTMLInputElement | HTMLSelectElement);
  });
  document.addEventListener('submit', (event) => {
    const form =
      event.target instanceof HTMLFormElement && event.target.matches('form[data-filters]') ? event.target : undefined;
    if (!form) return;
    event.preventDefault();
    void swap(addressOf(form), { remember: true });
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[data-swap]') : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    // A link within a drawing has an href that is no text.
    void swap(new URL(link.getAttribute('href') ?? '', location.href).href, { remember: true });
  });
  addEventListener('popstate', () => void swap(location.href, { remember: false }));
}

function applyFilters(form: HTMLFormElement, changed: HTMLInputElement | HTMLSelectElement): void {
  const period = form.elements.namedItem('period') as HTMLSelectElement;
  if (changed.type === 'date') period.value = 'custom';
  const dates = form.querySelector<HTMLElement>('.dates');
  dates?.toggleAttribute('data-unused', period.value !== 'custom');
  // Dates of one's own are asked for once there is one.
  if (changed === period && period.value === 'custom') {
    form.querySelector<HTMLInputElement>('input[name=from]')?.focus();
    return;
  }
  // A country chosen anew leaves the city of the old one.
  if (changed.name === 'country') form.querySelector('input[name=city]')?.remove();
  void swap(addressOf(form), { remember: true });
}

function addressOf(form: HTMLFormElement): string {
  const values = new FormData(form);
  const query = new URLSearchParams();
  const isCustom = values.get('period') === 'custom';
  for (const [name, value] of values) {
    if (typeof value !== 'string' || value === '') continue;
    if ((name === 'from' || name === 'to') && !isCustom) continue;
    query.set(name, value);
  }
  return `${location.pathname}?${query.toString()}`;
}

async function swap(address: string, { remember }: { remember: boolean }): Promise<void> {
  latest?.abort();
  const request = new AbortController();
  latest = request;
  const main = document.querySelector('main');
  main?.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(address, { signal: request.signal, headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (remember) history.pushState(null, '', address);
    show(page, new URL(address, location.href).hash);
  } catch (error) {
    if (request.signal.aborted) return;
    // Let the browser show what is wrong, as without a script.
    location.assign(address);
    throw error;
  } finally {
    if (latest === request) main?.removeAttribute('aria-busy');
  }
}

function show(page: Document, hash: string): void {
  const focused = focusPath();
  for (const selector of ['main', '.page-title', '.page-header nav', '.languages']) {
    const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
    if (old && fresh) old.innerHTML = fresh.innerHTML;
  }
  document.title = page.title;
  const announcement = document.querySelector('[data-announce]')?.getAttribute('data-announce') ?? document.title;
  const announcer = document.querySelector('[data-announcer]');
  if (announcer) announcer.textContent = announcement;
  const target = hash === '' ? null : document.getElementById(hash.slice(1));
  if (focused) document.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: 'start' });
}

/** How to find the focused control again in the new content: by its name or id, or the content as a whole. */
function focusPath(): string | undefined {
  const element = document.activeElement;
  // A heading that sorts can be pressed again.
  if (element?.matches('thead a[id]')) return `#${CSS.escape(element.id)}`;
  const name = element?.getAttribute('name');
  if (name) return `form[data-filters] [name=${CSS.escape(name)}]`;
  if (!element || !document.querySelector('main')?.contains(element)) return undefined;
  return 'main';
}
