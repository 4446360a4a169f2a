import { UnexpectedResponseError } from '../errors/source-errors.js';
import type { Authenticator } from '../http/authenticator.js';
import { HttpClient, type HttpClientOptions, type ReadAnswer, type RequestReport } from '../http/http-client.js';
import type { HttpRequest, Query } from '../http/http-request.js';
import type { HttpResponse } from '../http/http-response.js';
import { parseJsonBody } from '../http/json-body.js';
import type { JsonValue } from '../json/json-value.js';
import type { TapContext } from '../tap/tap.js';

/** The status of an answer that has nothing to say. */
const NO_CONTENT = 204;

/** An answer with its body read as JSON. */
export interface JsonResponse {
  readonly response: HttpResponse;
  /** Null where there is nothing to read in it. */
  readonly body: JsonValue;
  /** What a rule says of an answer in which there is nothing to read. */
  readonly aside?: 'ignore' | 'no-children';
}

export interface RestApiOptions extends Partial<Omit<HttpClientOptions, 'baseUrl' | 'authenticator'>> {
  /** The address that the streams' paths are appended to. */
  baseUrl: string;
  /** @default requests are not signed in */
  authenticator?: Authenticator | undefined;
}

/**
 * A JSON API as the streams of one tap share it: connections, sign-in, rate limit, retries and metrics.
 * Nothing is connected or checked before the first request, so that `--discover` needs no settings.
 */
export class RestApi {
  readonly #context: TapContext<unknown>;
  readonly #options: RestApiOptions;
  #client: HttpClient | undefined;

  constructor(context: TapContext<unknown>, options: RestApiOptions) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * GETs a path and reads the answer as JSON without losing a digit.
   *
   * @throws {SourceError} when there is no such answer after all retries
   */
  async get(path: string, query: Query = {}): Promise<JsonResponse> {
    return this.request({ path, query });
  }

  /**
   * Makes a request and reads the answer as JSON without losing a digit.
   *
   * @throws {SourceError} when there is no such answer after all retries
   */
  async request(request: HttpRequest): Promise<JsonResponse> {
    return this.read(request, jsonReader(request.path));
  }

  /**
   * Makes a request whose answer is not JSON; `read` checks and parses it. What it throws as retriable is tried again.
   *
   * @throws {SourceError} when there is no answer that can be read after all retries
   */
  async read<T>(request: HttpRequest, read: ReadAnswer<T>): Promise<T> {
    this.#client ??= this.#createClient();
    return this.#client.request(request, read);
  }

  /**
   * Asks for what the server itself points to: a whole address, or one that is relative to where it stands.
   *
   * @param options what is said beside the address, and `from`, where the link stands: at the API's address if it is not said
   * @throws {UnexpectedResponseError} when it is none, or leads to another server, which must not see the credentials
   */
  async follow(link: string, options: Omit<HttpRequest, 'path'> & { from?: string } = {}): Promise<JsonResponse> {
    const { from = this.#options.baseUrl, ...request } = options;
    if (!URL.canParse(link, from))
      throw new UnexpectedResponseError({ message: "the server's link to the next page is not a valid URL" });
    const { href, pathname } = new URL(link, from);
    // A link may hold a token; messages name its path alone.
    return this.read({ ...request, path: href }, jsonReader(pathname));
  }

  /** Reports how many requests a listing took. */
  countRequests(stream: string, endpoint: string, count: number): void {
    this.#context.metrics.counter('http_request_count', count, { stream, endpoint });
  }

  #createClient(): HttpClient {
    const { plugin, signal, logger } = this.#context;
    const { onRequest, onRetry, ...options } = this.#options;
    return new HttpClient({
      userAgent: plugin ? `${plugin.name}/${plugin.version} (singer-io-ts)` : 'singer-io-ts',
      signal,
      ...options,
      onRequest: (request) => {
        this.#measure(request);
        onRequest?.(request);
      },
      onRetry: (retry) => {
        logger.warning(`${retry.error.message}; try ${retry.attempt + 1} in ${(retry.delayMs / 1000).toFixed(1)} s`);
        onRetry?.(retry);
      },
    });
  }

  #measure({ endpoint, status, durationMs }: RequestReport): void {
    const ok = status !== undefined && status < 400;
    this.#context.metrics.timer('http_request_duration', durationMs / 1000, {
      endpoint,
      http_status_code: status ?? null,
      status: ok ? 'succeeded' : 'failed',
    });
  }
}

function jsonReader(path: string): ReadAnswer<JsonResponse> {
  return (response, said) => {
    const aside = said ?? (response.status === NO_CONTENT ? 'no-children' : undefined);
    return aside ? { response, body: null, aside } : { response, body: parseJsonBody(response.body, path) };
  };
}
