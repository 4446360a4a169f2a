import { Hono } from 'hono';
import type { Context } from 'hono';
import { compress } from 'hono/compress';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { dateIn } from './filters/calendar.js';
import { namesNoPeriod, parseFilters } from './filters/filters.js';
import { parseSortings, sortingParameters } from './filters/sorting.js';
import { DEFAULT_PERIOD } from './filters/period.js';
import { makeFormats } from './format/formats.js';
import { chooseLanguage } from './format/language.js';
import { TEXTS } from './format/texts.js';
import { isAllowedHost } from './host-check.js';
import { dashboardPage, LONG_TABLES } from './pages/dashboard-page.js';
import type { DashboardView } from './pages/dashboard-page.js';
import { customersPage } from './pages/customers-page.js';
import { dataPage } from './pages/data-page.js';
import { FIGURES } from './pages/figures.js';
import { invoicePage } from './pages/invoice-page.js';
import { layout } from './pages/layout.js';
import type { Html, PageContext } from './pages/page-context.js';
import { problemHeading, problemPage } from './pages/problem-page.js';
import type { Problem } from './pages/problem-page.js';
import { whyPage } from './pages/why-page.js';
import { choicesQuery } from './queries/choices.js';
import { contractGapsQuery } from './queries/contract-gaps.js';
import { freshnessQuery } from './queries/freshness.js';
import { INVOICE_ORDERS } from './queries/invoices.js';
import type { InvoiceOrder } from './queries/invoices.js';
import type { AccessSettings } from './access-settings.js';
import { oidcAccess } from './access/oidc-sign-in.js';
import { behindProxy } from './access/proxy-sign-in.js';
import type { Reader } from './access/reader.js';
import { sendDownload } from './send-download.js';
import type { Scope } from './queries/scope.js';
import { WarehouseError, ask } from './warehouse/warehouse.js';
import type { Warehouse } from './warehouse/warehouse.js';

/** What the pages are served from and with. */
export interface ServerOptions {
  readonly warehouse: Warehouse;
  /** `DATABASE.SCHEMA`, as the help pages name it. */
  readonly where: string;
  readonly schema: string;
  /** Where sevDesk's own pages are, for links to a document. */
  readonly sevdeskUrl: string;
  readonly outdatedAfterMinutes: number;
  readonly allowedHosts: readonly string[];
  readonly signIn: AccessSettings['signIn'];
  readonly now: () => Date;
  /** One line about a request that failed. */
  readonly log: (line: string) => void;
}

/** Tables that tell of documents in all countries at once. */
const UNDIVIDED = ['review', 'exclusions', 'pipeline'];
const TIME_ZONE = 'Europe/Berlin';
const MAX_PAGE = 1_000_000;
const MAX_SEARCH_LENGTH = 100;
// Styles in attributes carry the places of areas; scripts and everything else come from here only.
const CONTENT_POLICY =
  "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const SECURITY_HEADERS = {
  'Content-Security-Policy': `${CONTENT_POLICY}; form-action 'self'`,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
const ASSETS: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  'dashboard.css': { file: '../assets/dashboard.css', type: 'text/css; charset=utf-8' },
  'icon.svg': { file: '../assets/icon.svg', type: 'image/svg+xml' },
  'theme.js': { file: '../assets/theme.js', type: 'text/javascript; charset=utf-8' },
  ...Object.fromEntries(
    ['enhance.js', 'freshness.js', 'swap.js', 'theme-toggle.js'].map((name) => [
      name,
      { file: `client/${name}`, type: 'text/javascript; charset=utf-8' },
    ]),
  ),
};

/** The dashboard as a web application: pages, files to download, the age of the data for the browser to watch. */
export function makeServer(options: ServerOptions): Hono {
  const { warehouse } = options;
  const app = new Hono();

  app.use(compress());
  app.use(async (c, next) => {
    if (!isAllowedHost(c.req.header('Host'), options.allowedHosts)) {
      return c.text('This host name is not served here. Name it in DASHBOARD_ALLOWED_HOSTS.\n', 421);
    }
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
    // Signing out leads on to the provider, and a browser asks the form whether it may.
    if (options.signIn.by === 'oidc')
      c.header(
        'Content-Security-Policy',
        `${CONTENT_POLICY}; form-action 'self' ${new URL(options.signIn.issuer).origin}`,
      );
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
    return undefined;
  });

  app.get('/assets/:name', async (c) => {
    const asset = ASSETS[c.req.param('name')];
    if (!asset) return c.notFound();
    const body = await readFile(fileURLToPath(new URL(asset.file, import.meta.url)));
    return c.body(body, 200, { 'Content-Type': asset.type, 'Cache-Control': 'no-cache' });
  });
  // Everything below is for those who have signed in, where somebody has to.
  if (options.signIn.by === 'proxy') app.use(behindProxy(options.signIn));
  if (options.signIn.by === 'oidc') {
    const { guard, pages } = oidcAccess(options.signIn, { now: () => options.now().getTime(), log: options.log });
    app.route('/', pages);
    app.use(guard);
  }

  app.get('/', (c) =>
    page(c, options, async (context) => {
      const settled = await settlePeriod(c, options, context);
      const content = await dashboardPage(warehouse, settled, readView(c));
      return content ? { heading: context.texts.title, content, scope: settled.scope } : { kind: 'empty' };
    }),
  );
  app.get('/customers', (c) =>
    page(c, options, async (context) => {
      const content = await customersPage(warehouse, context, readSearch(c));
      return content ? { heading: context.texts.customersPage, content } : { kind: 'empty' };
    }),
  );
  app.get('/invoices/:id', (c) =>
    page(c, options, async (context) => {
      const content = await invoicePage(warehouse, context, { id: c.req.param('id'), sevdeskUrl: options.sevdeskUrl });
      return content ? { heading: context.texts.invoicePage, content } : { kind: 'not-found' };
    }),
  );
  app.get('/why/:figure', (c) =>
    page(c, options, async (context) => {
      const figure = FIGURES.find((name) => name === c.req.param('figure'));
      if (!figure) return { kind: 'not-found' };
      return {
        heading: context.texts.whyThisNumber,
        // The page tells the age of the data among other things.
        content: await whyPage(warehouse, { ...context, freshness: await ask(warehouse, freshnessQuery()) }, figure),
      };
    }),
  );
  app.get('/data', (c) =>
    page(c, options, async (context) =>
      // What is not counted is listed without a country: it is for those who may see all of them.
      context.scope.countries
        ? { kind: 'not-found' }
        : { heading: context.texts.dataPage, content: await dataPage(warehouse, context) },
    ),
  );
  app.get('/freshness.json', async (c) => c.json(await ask(warehouse, freshnessQuery())));
  for (const kind of ['csv', 'xlsx'] as const)
    app.get(`/${kind}/:name`, (c) => {
      const { scope, texts } = makeContext(c, options);
      if (scope.countries && UNDIVIDED.some((name) => c.req.param('name').startsWith(`${name}.`))) return c.notFound();
      const search = readSearch(c);
      return sendDownload(c, { kind, warehouse, scope, texts, ...(search !== undefined && { search }) });
    });
  app.notFound((c) => page(c, options, () => Promise.resolve({ kind: 'not-found' })));
  app.onError((error, c) => {
    const fault = error instanceof WarehouseError ? error.message : String(error);
    options.log(`${c.req.method} ${c.req.path}: ${fault}`);
    return c.text(`${fault}\n`, statusOf(error));
  });
  return app;
}

/** `scope`: what the page turned out to show. */
type PageResult = { readonly heading: string; readonly content: Html; readonly scope?: Scope } | Problem;

/** A first page without a period shows the default one, or all time where that holds nothing. */
async function settlePeriod(c: Context, { warehouse }: ServerOptions, context: PageContext): Promise<PageContext> {
  const query = new URL(c.req.url).searchParams;
  if (!namesNoPeriod(query)) return context;
  const { dates } = await ask(warehouse, choicesQuery(context.scope));
  const { from = '' } = context.scope.filters.range;
  if (!dates || dates.to >= from) return context;
  const { filters } = parseFilters(query, context.scope.today);
  return { ...context, scope: { ...context.scope, filters } };
}

/** Makes a page; whatever goes wrong becomes a page that says so and what to do. */
async function page(
  c: Context,
  options: ServerOptions,
  make: (context: PageContext) => Promise<PageResult>,
): Promise<Response> {
  let context = makeContext(c, options);
  let result: PageResult;
  let status: 200 | 404 | 502 | 503 = 200;
  try {
    const freshness = ask(options.warehouse, freshnessQuery());
    [context, result] = await Promise.all([
      freshness.then((known) => ({ ...context, freshness: known })),
      make(context),
    ]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    options.log(`${c.req.method} ${c.req.path}: ${message}`);
    result = await problemOf(error, options);
    status = statusOf(error);
  }
  if ('heading' in result) {
    const shown = result.scope ? { ...context, scope: result.scope } : context;
    return c.html(layout(shown, { path: c.req.path, ...result }), status);
  }
  const body = layout(context, {
    path: c.req.path,
    heading: problemHeading(context, result),
    content: problemPage(context, result),
  });
  return c.html(body, result.kind === 'not-found' ? 404 : status);
}

async function problemOf(error: unknown, { warehouse, where, schema }: ServerOptions): Promise<Problem> {
  const answer = error instanceof Error ? error.message : String(error);
  const fault = error instanceof WarehouseError ? error.fault : 'failed';
  if (fault === 'refused' || fault === 'unreachable') return { kind: fault, answer };
  // The code of the answer alone does not tell a missing column from other faults; what is there does.
  const gaps = await ask(warehouse, contractGapsQuery(schema)).catch(() => []);
  return fault === 'missing' || gaps.length > 0 ? { kind: 'missing', where, gaps, answer } : { kind: 'failed', answer };
}

function statusOf(error: unknown): 502 | 503 {
  return error instanceof WarehouseError && error.fault !== 'failed' ? 503 : 502;
}

function makeContext(c: Context, { now, outdatedAfterMinutes, signIn }: ServerOptions): PageContext {
  const query = new URL(c.req.url).searchParams;
  const asked = query.get('lang');
  const language = chooseLanguage(asked, c.req.header('Accept-Language'));
  const reader = c.get('reader') as Reader | undefined;
  const instant = now();
  const today = dateIn(TIME_ZONE, instant);
  const sortings = parseSortings(query);
  const { filters, ignored } = parseFilters(query, today, c.req.path === '/' ? DEFAULT_PERIOD : 'all');
  return {
    language,
    texts: TEXTS[language],
    formats: makeFormats(language, TIME_ZONE),
    scope: { filters, today, language, ...(reader?.countries && { countries: reader.countries }) },
    reader: reader && { name: reader.name, canSignOut: signIn.by === 'oidc' },
    path: c.req.path,
    query,
    sortings,
    ignored,
    now: instant.getTime(),
    outdatedAfterMinutes,
    freshness: undefined,
    href: (path, parameters = new URLSearchParams()) => {
      const all = new URLSearchParams(parameters);
      if (asked !== null) all.set('lang', language);
      if (path === c.req.path) for (const [name, value] of sortingParameters(sortings)) all.set(name, value);
      return all.size === 0 ? path : `${path}?${all.toString()}`;
    },
  };
}

function readSearch(c: Context): string | undefined {
  const search = (c.req.query('q') ?? '').trim().slice(0, MAX_SEARCH_LENGTH);
  return search === '' ? undefined : search;
}

function readView(c: Context): DashboardView {
  const order = c.req.query('order') ?? '';
  const page = Number(c.req.query('page') ?? '1');
  return {
    order: Object.hasOwn(INVOICE_ORDERS, order) ? (order as InvoiceOrder) : 'newest',
    page: Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1,
    whole: new Set(LONG_TABLES.filter((table) => c.req.query(table) === 'all')),
  };
}
