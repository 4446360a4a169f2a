import { AuthenticationError } from '../errors/authentication-error.js';
import {
  AccessDeniedError,
  NetworkError,
  RateLimitError,
  RequestRefusedError,
  ServerError,
  UnexpectedResponseError,
} from '../errors/source-errors.js';
import type { Authenticator } from './authenticator.js';
import { type Clock, systemClock } from './clock.js';
import type { HttpResponse } from './http-response.js';
import { RequestGate } from './request-gate.js';
import { parseRetryAfter } from './retry-after.js';
import { DEFAULT_RETRY_POLICY, type RetryOptions, type RetryPolicy, withRetry } from './retry.js';
import { createAxiosTransport, type Transport } from './transport.js';

export interface HttpClientOptions {
  /** The address that paths are appended to. */
  baseUrl: string;
  /** Sent with every request; may hold credentials, which never reach a message. @default none */
  headers?: Record<string, string>;
  /** Signs every request; what it sends never reaches a message. @default none */
  authenticator?: Authenticator | undefined;
  /** How this client names itself to the server. */
  userAgent: string;
  /** The longest a single try may take, from its first byte to the last. @default 60000 */
  requestTimeoutMs?: number;
  /** @default DEFAULT_RETRY_POLICY */
  retry?: Partial<RetryPolicy>;
  /** Requests under way at once. @default 4 */
  maxConcurrency?: number;
  /** Requests started in a second, evenly spaced; 0 for no limit. @default 0 */
  maxRequestsPerSecond?: number;
  /** Ends requests, waits and retries. @default none */
  signal?: AbortSignal;
  /** What to do about a refused sign-in or a server out of reach; ends the message. @default none */
  advice?: { authentication?: string; network?: string };
  /** What the body of a refused request says, without any value of a record; becomes part of the message. @default none */
  describeRefusal?: (response: HttpResponse) => string | undefined;
  /** Told about every try that ended, for metrics. @default none */
  onRequest?: (request: RequestReport) => void;
  /** Told before every wait for a retry. @default none */
  onRetry?: RetryOptions['onRetry'];
  /** @default the machine's clock */
  clock?: Clock;
  /** @default Math.random */
  random?: () => number;
  /** @default axios over kept-alive connections */
  transport?: Transport;
}

/** One try of one request, as metrics want it: the endpoint, never the query. */
export interface RequestReport {
  endpoint: string;
  /** Undefined where no complete answer came. */
  status: number | undefined;
  durationMs: number;
}

/**
 * Tries at a server that was never reached in this run: most likely its address is wrong, which no waiting mends.
 */
const TRIES_UNTIL_REACHED = 3;

export type Query = Readonly<Record<string, string | number | boolean>>;

/**
 * Reads over HTTP so that a caller sees either a checked answer or a typed error:
 *
 * - every try has a total deadline; a body that drips does not extend it;
 * - failures that may heal are retried with growing, jittered waits, `Retry-After` honoured and capped;
 * - after one 401 nothing is sent any more, and what is under way is dropped: tokens that keep failing may be locked;
 * - errors name the endpoint, never headers, query or body.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #transport: Transport;
  readonly #gate: RequestGate;
  readonly #clock: Clock;
  readonly #policy: RetryPolicy;
  readonly #stop = new AbortController();
  #reached = false;

  constructor(options: HttpClientOptions) {
    const { maxConcurrency = 4, maxRequestsPerSecond = 0, clock = systemClock, transport, retry, signal } = options;
    this.#options = options;
    this.#clock = clock;
    this.#policy = { ...DEFAULT_RETRY_POLICY, ...retry };
    this.#transport = transport ?? createAxiosTransport({ maxConnections: maxConcurrency });
    this.#gate = new RequestGate({ maxConcurrency, maxRequestsPerSecond, clock });
    if (signal?.aborted) this.#stop.abort(signal.reason);
    signal?.addEventListener('abort', () => this.#stop.abort(signal.reason), { once: true });
  }

  /**
   * GETs a path and hands the answer to `read`, which checks and parses it; what `read` throws as retriable is retried
   * like a failure of the server, so a maintenance page that comes with status 200 heals too.
   */
  async get<T>(path: string, query: Query, read: (response: HttpResponse) => T): Promise<T> {
    const url = this.#url(path, query);
    return this.#send({ method: 'GET', path: path.startsWith('/') ? path : new URL(url).pathname, url }, read);
  }

  /** POSTs a form, in other ways like `get`. A failure that may heal is retried: use it for what may be done twice. */
  async postForm<T>(
    path: string,
    form: Readonly<Record<string, string>>,
    read: (response: HttpResponse) => T,
  ): Promise<T> {
    const body = new URLSearchParams(form).toString();
    return this.#send({ method: 'POST', path, url: this.#url(path, {}), body }, read);
  }

  async #send<T>(request: Sent, read: (response: HttpResponse) => T): Promise<T> {
    try {
      return await withRetry(() => this.#gate.pass(() => this.#try(request, read), this.#stop.signal), {
        policy: this.#policy,
        clock: this.#clock,
        random: this.#options.random ?? Math.random,
        signal: this.#stop.signal,
        isHopeless: (error, attempt) =>
          !this.#reached && NetworkError.isInstance(error) && error.unreachable && attempt >= TRIES_UNTIL_REACHED,
        onRetry: this.#options.onRetry,
      });
    } catch (error) {
      throw NetworkError.isInstance(error) ? this.#withAdvice(error) : error;
    }
  }

  /** Ends the kept-alive connections. */
  close(): void {
    this.#transport.close();
  }

  async #try<T>(request: Sent, read: (response: HttpResponse) => T): Promise<T> {
    const startedMs = this.#clock.now();
    let status: number | undefined;
    try {
      let response = await this.#once(request);
      if (response.status === 401 && this.#options.authenticator?.renew?.()) response = await this.#once(request);
      this.#reached = true;
      status = response.status;
      this.#throwUnlessOk(`${request.method} ${request.path}`, response);
      return read(response);
    } catch (error) {
      if (AuthenticationError.isInstance(error)) this.#stop.abort(error);
      throw error;
    } finally {
      this.#options.onRequest?.({ endpoint: request.path, status, durationMs: this.#clock.now() - startedMs });
    }
  }

  async #once({ method, path, url, body }: Sent): Promise<HttpResponse> {
    const { authenticator, userAgent, headers, requestTimeoutMs = 60_000 } = this.#options;
    const signal = this.#stop.signal;
    return this.#transport.send({
      method,
      url,
      path,
      headers: {
        Accept: 'application/json',
        'User-Agent': userAgent,
        ...(body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
        ...headers,
        ...(await authenticator?.headers(signal)),
      },
      ...(body === undefined ? {} : { body }),
      deadlineMs: requestTimeoutMs,
      signal,
    });
  }

  #throwUnlessOk(endpoint: string, response: HttpResponse): void {
    const { status } = response;
    if (status >= 200 && status < 300) return;
    const asked = parseRetryAfter(response.header('retry-after'), response.serverDateMs ?? this.#clock.now());
    const advice = this.#options.advice?.authentication;
    if (status === 401) {
      throw new AuthenticationError({
        message: `sign-in was refused (HTTP 401 for ${endpoint})${advice ? `: ${advice}` : ''}`,
      });
    }
    if (status === 403) {
      throw new AccessDeniedError({
        message: `access was denied (HTTP 403 for ${endpoint})${advice ? `: ${advice}` : ''}`,
      });
    }
    if (status === 429)
      throw new RateLimitError({ message: `${endpoint}: too many requests (HTTP 429)`, retryAfterMs: asked });
    if (status >= 500 || status === 408) {
      throw new ServerError({
        message: `${endpoint} failed on the server's side (HTTP ${status})`,
        retryAfterMs: asked,
      });
    }
    if (status >= 400) {
      const reason = this.#options.describeRefusal?.(response);
      throw new RequestRefusedError({
        message: `the server refused ${endpoint} (HTTP ${status}${reason ? `, ${reason}` : ''})`,
      });
    }
    throw new UnexpectedResponseError({
      message: `${endpoint} was redirected (HTTP ${status}), which is not followed`,
    });
  }

  #withAdvice(error: NetworkError): NetworkError {
    const advice = this.#options.advice?.network;
    const { unreachable } = error;
    return new NetworkError({
      message: advice ? `${error.message}; ${advice}` : error.message,
      cause: error,
      unreachable,
      // What was never there will not be there for the next stream either.
      endsRun: unreachable && !this.#reached,
    });
  }

  /** @throws {UnexpectedResponseError} for an address of another server, which must not see the credentials */
  #url(path: string, query: Query): string {
    if (/^https?:\/\//i.test(path)) return this.#ownUrl(path);
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.append(name, String(value));
    const base = this.#options.baseUrl.replace(/\/+$/, '');
    const text = search.toString();
    return `${base}${path}${text === '' ? '' : `?${text}`}`;
  }

  /** A whole address, such as a server gives for its next page. */
  #ownUrl(text: string): string {
    const url = new URL(text);
    if (url.origin === new URL(this.#options.baseUrl).origin) return url.href;
    throw new UnexpectedResponseError({
      message: `the server points to ${url.host}, another server, for what comes next; that is not followed`,
    });
  }
}

interface Sent {
  method: 'GET' | 'POST';
  path: string;
  url: string;
  body?: string;
}
