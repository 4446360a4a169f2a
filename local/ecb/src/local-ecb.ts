import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataApiError, exchangeRateCsv } from './data-api.js';
import { dailyCsv, historyCsv, lastNinetyDays, ratesXml } from './formats.js';
import type { RateHistory } from './rates.js';
import { zipOf } from './zip.js';

interface File {
  readonly type: string;
  readonly body: Buffer;
}

const FILES = '/stats/eurofxref/';
const DATA = '/service/data/EXR/';
const text = (type: string, body: string): File => ({ type, body: Buffer.from(body) });

function makeFiles(history: RateHistory): ReadonlyMap<string, File> {
  return new Map<string, File>([
    ['eurofxref-hist.csv', text('text/csv', historyCsv(history))],
    [
      'eurofxref-hist.zip',
      { type: 'application/zip', body: zipOf('eurofxref-hist.csv', Buffer.from(historyCsv(history))) },
    ],
    ['eurofxref.csv', text('text/csv', dailyCsv(history))],
    ['eurofxref.zip', { type: 'application/zip', body: zipOf('eurofxref.csv', Buffer.from(dailyCsv(history))) }],
    ['eurofxref-hist.xml', text('text/xml', ratesXml(history.days))],
    ['eurofxref-hist-90d.xml', text('text/xml', ratesXml(lastNinetyDays(history)))],
    ['eurofxref-daily.xml', text('text/xml', ratesXml(history.days.slice(0, 1), "'"))],
  ]);
}

/** The ECB's reference rates over HTTP on the loopback address: its download files, and its data API's CSV for EXR. */
export class LocalEcb {
  readonly #server: Server;

  constructor(
    private readonly history: RateHistory,
    private readonly port = 0,
  ) {
    const files = makeFiles(history);
    const modified = new Date(`${history.days[0]?.date ?? '1999-01-04'}T15:00:00Z`).toUTCString();
    this.#server = createServer((request, response) => {
      const { status, type, body } = this.#answer(
        files,
        request.method ?? 'GET',
        new URL(request.url ?? '/', 'http://local'),
      );
      response
        .writeHead(status, {
          'Content-Type': type,
          'Content-Length': body.length,
          'Last-Modified': modified,
          // So that scripts tell this server from a stranger on its port.
          'X-Local-Server': 'ecb',
        })
        .end(body);
    });
  }

  /** Resolves to the base address once it listens. */
  async start(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(
    files: ReadonlyMap<string, File>,
    method: string,
    { pathname, searchParams }: URL,
  ): File & { readonly status: number } {
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, ...text('text/plain', 'Method not allowed\n') };
    const file = pathname.startsWith(FILES) ? files.get(pathname.slice(FILES.length)) : undefined;
    if (file !== undefined) return { status: 200, ...file };
    if (!pathname.startsWith(DATA)) return { status: 404, ...text('text/plain', 'Not found\n') };
    if (searchParams.get('format') !== 'csvdata')
      return { status: 406, ...text('text/plain', 'Only format=csvdata is served here\n') };
    try {
      const key = decodeURIComponent(pathname.slice(DATA.length));
      return { status: 200, ...text('text/csv', exchangeRateCsv(this.history, key, searchParams)) };
    } catch (error) {
      if (error instanceof DataApiError) return { status: error.status, ...text('text/plain', `${error.message}\n`) };
      throw error;
    }
  }
}
