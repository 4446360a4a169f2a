import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/json/json-value.js';
import { silentLogger } from '../../src/logging/logger.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { offsetPages } from '../../src/rest/paginators.js';
import type { Paginator } from '../../src/rest/paginator.js';
import { RestApi, type RestApiOptions } from '../../src/rest/rest-api.js';
import { RestStream } from '../../src/rest/rest-stream.js';
import type { JsonSchema } from '../../src/schema/json-schema.js';
import type { RecordsRequest } from '../../src/tap/record-source.js';
import type { TapContext } from '../../src/tap/tap.js';

/** Answers a request; status 200 unless it says another one. A body that is no text is sent as JSON. */
export type Handler = (
  request: IncomingMessage,
  url: URL,
) => { status?: number; headers?: Record<string, string>; body?: unknown };

interface ReadOptions extends Partial<RestApiOptions> {
  /** @default offset pages of nine records */
  pages?: () => Paginator;
  /** @default 'data' */
  recordsPath?: string;
  /** @default '/things' */
  path?: string;
  context?: JsonObject;
}

/** An API on this machine, and a tap that reads it. */
export interface TestApi {
  base: string;
  handler: Handler;
  /** The requests of the test so far. */
  asked: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[];
  /** The METRIC lines of the test so far. */
  metrics: string[];
  /** The records of a listing, one after the other as the tap takes them. */
  listing: (options?: ReadOptions) => AsyncGenerator<JsonObject>;
  /** All records of a listing. */
  read: (options?: ReadOptions) => Promise<JsonObject[]>;
}

/** Gives the test file that calls it an API, which answers what the test says. */
export function useApi(): TestApi {
  const api: TestApi = {
    base: '',
    handler: () => ({ status: 404 }),
    asked: [],
    metrics: [],
    listing: ({
      pages = () => offsetPages({ limit: 9 }),
      recordsPath = 'data',
      path = '/things',
      context = {},
      ...options
    } = {}) => {
      const tap = contextOf(api.metrics);
      const rest = new RestApi(tap, { baseUrl: api.base, retry: { maxRetries: 0 }, ...options });
      return new Listing(rest, path, recordsPath, pages).records(requestOf(tap, context));
    },
    read: async (options) => {
      const records: JsonObject[] = [];
      for await (const record of api.listing(options)) records.push(record);
      return records;
    },
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      api.asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      const answer = api.handler(request, new URL(request.url ?? '', api.base));
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? null));
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    api.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    api.asked.splice(0);
    api.metrics.splice(0);
  });
  return api;
}

class Listing extends RestStream {
  override readonly name = 'things';
  override readonly schema: JsonSchema = { type: 'object', properties: { id: { type: 'integer' } } };

  constructor(
    api: RestApi,
    override readonly path: string,
    override readonly recordsPath: string,
    private readonly pages: () => Paginator,
  ) {
    super(api);
  }

  override paginator(): Paginator {
    return this.pages();
  }
}

function contextOf(metrics: string[]): TapContext<unknown> {
  const logger = silentLogger();
  logger.isEnabled = () => true;
  logger.info = (line) => void metrics.push(line);
  return {
    plugin: { name: 'tap-x', version: '1.2.3' },
    config: {},
    logger,
    metrics: new Metrics(logger),
    signal: new AbortController().signal,
    options: {},
  };
}

const requestOf = ({ signal, logger }: TapContext<unknown>, context: JsonObject): RecordsRequest => ({
  context,
  since: undefined,
  signal,
  logger,
  skip: () => undefined,
  completeUntil: () => undefined,
});

/** The number in a parameter of the address; 0 without it. */
export const numberOf = (url: URL, name: string): number => Number(url.searchParams.get(name));
