import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from './admin/clock.js';
import type { Answer } from './api/api-routes.js';
import { ApiRoutes } from './api/api-routes.js';
import { Finder } from './api/list-answer.js';
import { WireError } from './api/wire-error.js';
import { foundCompany } from './company/company.js';
import { Database } from './store/database.js';

/** How the local sevDesk is set up. */
export interface LocalSevdeskOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** @default 3000 */
  readonly invoices?: number;
  /** @default 1 */
  readonly seed?: number;
  /** @default DEFAULT_TOKEN */
  readonly token?: string;
  /** Waiting time before each answer. @default 0 */
  readonly latencyMs?: number;
}

export const DEFAULT_TOKEN = '0123456789abcdef0123456789abcdef';

/** A sevDesk on this machine: the service's wire shape over a company made from a seed. */
export class LocalSevdesk {
  readonly clock = new Clock();
  latencyMs: number;
  readonly #api: ApiRoutes;
  readonly #server: Server;
  readonly #port: number;

  constructor(options: LocalSevdeskOptions = {}) {
    const { sources } = foundCompany({ seed: options.seed ?? 1, invoices: options.invoices ?? 3000 });
    const database = new Database(sources);
    this.#api = new ApiRoutes(database, new Finder(), options.token ?? DEFAULT_TOKEN);
    this.latencyMs = options.latencyMs ?? 0;
    this.#port = options.port ?? 0;
    this.#server = createServer(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.#handle(request, response),
    );
  }

  /** Listens on the loopback address only; resolves to the API's base address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(this.#port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://local');
    if (this.latencyMs > 0) await sleep(this.latencyMs);
    this.#send(response, this.#answer(request, url));
  }

  #answer(request: IncomingMessage, url: URL): Answer {
    try {
      if (!url.pathname.startsWith('/api/v1/')) throw new WireError(404, 'Not found', 151);
      const path = url.pathname.slice('/api/v1'.length);
      return this.#api.answer({
        method: request.method ?? 'GET',
        path,
        params: url.searchParams,
        authorization: request.headers.authorization,
      });
    } catch (error) {
      if (error instanceof WireError) return { status: error.status, body: Buffer.from(error.body()) };
      throw error;
    }
  }

  #send(response: ServerResponse, { status, body }: Answer): void {
    response.writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': body.length,
      Date: new Date(this.clock.now() * 1000).toUTCString(),
    });
    response.end(body);
  }
}
