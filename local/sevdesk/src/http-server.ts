import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AdminError } from './admin/admin-error.js';
import type { AdminRoutes } from './admin/admin-routes.js';
import { spoil } from './admin/broken-answers.js';
import type { Clock } from './admin/clock.js';
import type { FaultRule, Faults } from './admin/fault-rules.js';
import type { Stats } from './admin/stats.js';
import type { Answer, ApiRequest, ApiRoutes } from './api/api-routes.js';
import { WireError } from './api/wire-error.js';

export interface HttpServerOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly api: ApiRoutes;
  readonly admin: AdminRoutes;
  readonly faults: Faults;
  readonly stats: Stats;
  readonly clock: Clock;
  readonly latency: { readonly ms: number };
}

const API = '/api/v1';
const ADMIN = '/_local';

/** Carries the API and the admin endpoints over HTTP on the loopback address, and breaks answers as the faults say. */
export class HttpServer {
  readonly #server: Server;

  constructor(private readonly options: HttpServerOptions) {
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      // So that scripts tell this server from a stranger on its port.
      response.setHeader('X-Local-Server', 'sevdesk');
      this.#handle(request, response).catch((error: unknown) => this.#fail(response, error));
    });
  }

  /** Resolves to the API's base address once it listens. */
  async start(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(this.options.port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${API}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** A mistake of this server, not of its client: told on stderr, and to the client as the service tells its own. */
  #fail(response: ServerResponse, error: unknown): void {
    process.stderr.write(`local sevDesk: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    if (response.headersSent) response.destroy();
    else this.#write(response, { status: 500, body: Buffer.from(new WireError(500, 'Internal server error').body()) });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://local');
    if (url.pathname.startsWith(`${ADMIN}/`)) {
      this.#write(response, this.#admin(request, url, await bodyOf(request)));
      return;
    }
    if (this.options.latency.ms > 0) await sleep(this.options.latency.ms);
    await this.#call(request, response, url);
  }

  #admin(request: IncomingMessage, url: URL, body: string): Answer {
    try {
      return this.options.admin.answer(
        request.method ?? 'GET',
        url.pathname.slice(ADMIN.length),
        url.searchParams,
        body,
      );
    } catch (error) {
      if (error instanceof AdminError)
        return { status: error.status, body: Buffer.from(JSON.stringify({ error: error.message })) };
      throw error;
    }
  }

  async #call(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { faults, stats, clock } = this.options;
    const path = url.pathname.startsWith(`${API}/`) ? url.pathname.slice(API.length) : url.pathname;
    const query = url.search.slice(1);
    const fault = faults.next(path, readable(query));
    const log = (status: number, records = 0): void =>
      stats.add({ path, query, status, records, ...(fault ? { fault: fault.kind } : {}) });
    if (fault?.kind === 'delay') await sleep(fault.ms ?? 1000);
    if (fault?.kind === 'reset' || fault?.kind === 'hang') {
      log(0);
      if (fault.kind === 'reset') request.socket.resetAndDestroy();
      return;
    }
    const params = fault?.kind === 'ignoreFilters' ? withoutFilters(url.searchParams) : url.searchParams;
    const plain = this.#answer({
      method: request.method ?? 'GET',
      path,
      params,
      authorization: request.headers.authorization,
    });
    const answer =
      fault && (plain.status === 200 || fault.kind === 'status') ? spoil(plain, fault, clock.now()) : plain;
    log(answer.status, answer.records);
    await this.#deliver(response, answer, fault);
  }

  #answer(request: ApiRequest): Answer {
    try {
      return this.options.api.answer(request);
    } catch (error) {
      if (error instanceof WireError) return { status: error.status, body: Buffer.from(error.body()) };
      throw error;
    }
  }

  async #deliver(response: ServerResponse, answer: Answer, fault: FaultRule | undefined): Promise<void> {
    if (fault?.kind === 'truncate') {
      this.#head(response, answer);
      response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => response.destroy());
    } else if (fault?.kind === 'drip') {
      this.#head(response, answer);
      for (const byte of answer.body) {
        if (response.destroyed) return;
        response.write(Buffer.of(byte));
        await sleep(fault.intervalMs ?? 50);
      }
      response.end();
    } else {
      this.#write(response, answer);
    }
  }

  #head(response: ServerResponse, { status, body, headers }: Answer): void {
    response.writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': body.length,
      Date: new Date(this.options.clock.now() * 1000).toUTCString(),
      ...headers,
    });
  }

  #write(response: ServerResponse, answer: Answer): void {
    this.#head(response, answer);
    response.end(answer.body);
  }
}

/** A query string with its brackets and colons; as it came when it is wrongly encoded. */
function readable(query: string): string {
  try {
    return decodeURIComponent(query);
  } catch {
    return query;
  }
}

/** The query as a service that knows no filters would see it. */
function withoutFilters(params: URLSearchParams): URLSearchParams {
  const kept = ['limit', 'offset', 'countAll', 'embed', 'showAll', 'depth'];
  return new URLSearchParams([...params].filter(([name]) => kept.includes(name) || name.startsWith('orderBy')));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
