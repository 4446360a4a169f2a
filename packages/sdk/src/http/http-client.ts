import { AuthenticationError } from '../errors/authentication-error.js';
import type { SingerError } from '../errors/singer-error.js';
import { NetworkError, UnexpectedResponseError } from '../errors/source-errors.js';
import { Answer } from './answer.js';
import { refusalOf } from './answer-errors.js';
import type { Authenticator, Signature } from './authenticator.js';
import { type Clock, systemClock } from './clock.js';
import { encodeBody, encodeQuery, type HttpMethod, type HttpRequest, type Query } from './http-request.js';
import type { HttpResponse } from './http-response.js';
import { RequestGate } from './request-gate.js';
import { ruleFor, type ResponseRule } from './response-rules.js';
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
  /** What to do about a refused sign-in, a right that is missing or a server out of reach; ends the message. @default none */
  advice?: { authentication?: string; access?: string; network?: string };
  /** What answers mean that the general rules would take otherwise. @default none */
  responses?: readonly ResponseRule[];
  /** What the body of a refused request says, without any value of a record; part of the message. @default its own words, redacted */
  describeRefusal?: (response: HttpResponse) => string | undefined;
  /** The largest body that is read, in bytes. @default 256 MiB */
  maxBodyBytes?: number;
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

export interface RequestOptions {
  /** Whether an error need not be retried, though it might heal: the caller has another way. @default never */
  giveUp?: (error: SingerError) => boolean;
}

/**
 * Reads an answer. `aside` is set where a rule says that there is nothing to read in it.
 */
export type ReadAnswer<T> = (response: HttpResponse, aside?: 'ignore' | 'no-children') => T;

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
    const { maxBodyBytes } = options;
    this.#transport = transport ?? createAxiosTransport({ maxConnections: maxConcurrency, maxBodyBytes });
    this.#gate = new RequestGate({ maxConcurrency, maxRequestsPerSecond, clock });
    if (signal?.aborted) this.#stop.abort(signal.reason);
    signal?.addEventListener('abort', () => this.#stop.abort(signal.reason), { once: true });
  }

  /** GETs a path; see {@link HttpClient.request}. */
  async get<T>(path: string, query: Query, read: ReadAnswer<T>, options?: RequestOptions): Promise<T> {
    return this.request({ path, query }, read, options);
  }

  /**
   * Makes a request and hands the answer to `read`, which checks and parses it; what `read` throws as retriable is retried
   * like a failure of the server, so a maintenance page that comes with status 200 heals too.
   */
  async request<T>(request: HttpRequest, read: ReadAnswer<T>, options: RequestOptions = {}): Promise<T> {
    const { method = 'GET', path, query = {}, headers = {}, body, responses = [] } = request;
    const url = this.#url(path, query);
    return this.#send(
      {
        method,
        path: path.startsWith('/') ? path : new URL(url).pathname,
        url,
        headers,
        body: body === undefined ? undefined : encodeBody(body),
        responses: [...responses, ...(this.#options.responses ?? [])],
      },
      read,
      options,
    );
  }

  async #send<T>(request: Sent, read: ReadAnswer<T>, { giveUp }: RequestOptions): Promise<T> {
    try {
      return await withRetry(() => this.#gate.pass(() => this.#try(request, read), this.#stop.signal), {
        policy: this.#policy,
        clock: this.#clock,
        random: this.#options.random ?? Math.random,
        signal: this.#stop.signal,
        isHopeless: (error, attempt) =>
          giveUp?.(error) === true ||
          (!this.#reached && NetworkError.isInstance(error) && error.unreachable && attempt >= TRIES_UNTIL_REACHED),
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

  async #try<T>(request: Sent, read: ReadAnswer<T>): Promise<T> {
    const startedMs = this.#clock.now();
    let status: number | undefined;
    try {
      let { response, secrets } = await this.#once(request);
      const isMeant = (): boolean => ruleFor(new Answer(response), request.responses) !== undefined;
      if (response.status === 401 && !isMeant() && this.#options.authenticator?.renew?.())
        ({ response, secrets } = await this.#once(request));
      this.#reached = true;
      status = response.status;
      const answer = new Answer(response);
      const rule = ruleFor(answer, request.responses);
      if (rule?.action === 'ignore' || rule?.action === 'no-children') return read(response, rule.action);
      const { describeRefusal, advice } = this.#options;
      const refusal = refusalOf(answer, {
        endpoint: `${request.method} ${request.path}`,
        rule,
        secrets,
        nowMs: response.serverDateMs ?? this.#clock.now(),
        advice: { authentication: advice?.authentication, access: advice?.access ?? advice?.authentication },
        baseUrl: this.#options.baseUrl,
        reason: describeRefusal === undefined ? undefined : () => describeRefusal(response),
      });
      if (refusal) throw refusal;
      return read(response);
    } catch (error) {
      if (AuthenticationError.isInstance(error)) this.#stop.abort(error);
      throw error;
    } finally {
      this.#options.onRequest?.({ endpoint: request.path, status, durationMs: this.#clock.now() - startedMs });
    }
  }

  async #once({ method, path, url, headers, body }: Sent): Promise<{ response: HttpResponse; secrets: string[] }> {
    const { authenticator, userAgent, headers: common, requestTimeoutMs = 60_000 } = this.#options;
    const signal = this.#stop.signal;
    const unsigned = {
      Accept: 'application/json',
      'User-Agent': userAgent,
      ...(body === undefined ? {} : { 'Content-Type': body.contentType }),
      ...common,
      ...headers,
    };
    const signature = (await authenticator?.sign({ method, url, headers: unsigned, body: body?.text }, signal)) ?? {};
    const response = await this.#transport.send({
      method,
      url: withQuery(url, encodeQuery(signature.query ?? {})),
      path,
      headers: { ...unsigned, ...signature.headers },
      ...(body === undefined ? {} : { body: body.text }),
      deadlineMs: requestTimeoutMs,
      signal,
    });
    return { response, secrets: secretsOf(signature, { ...common, ...headers }) };
  }

  #withAdvice(error: NetworkError): NetworkError {
    const advice = this.#options.advice?.network;
    const { unreachable, tooMuch, retriable } = error;
    return new NetworkError({
      message: advice ? `${error.message}; ${advice}` : error.message,
      cause: error,
      unreachable,
      tooMuch,
      retriable,
      // What never answered will not answer the next stream either. A body that was too large was an answer.
      endsRun: !this.#reached && !error.answered,
      answered: error.answered,
    });
  }

  /** @throws {UnexpectedResponseError} for an address of another server, which must not see the credentials */
  #url(path: string, query: Query): string {
    if (/^https?:\/\//i.test(path)) return withQuery(this.#ownUrl(path), encodeQuery(query));
    return withQuery(`${this.#options.baseUrl.replace(/\/+$/, '')}${path}`, encodeQuery(query));
  }

  /** A whole address, such as a server gives for its next page. */
  #ownUrl(text: string): string {
    const url = new URL(text);
    if (url.origin === new URL(this.#options.baseUrl).origin) return url.href;
    throw new UnexpectedResponseError({
      message: `the server's link to the next page leads to another server, ${url.host}, and is not followed`,
    });
  }
}

interface Sent {
  method: HttpMethod;
  path: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: { text: string; contentType: string } | undefined;
  responses: readonly ResponseRule[];
}

function withQuery(url: string, query: string): string {
  if (query === '') return url;
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

/** What was sent to sign in, as an answer might repeat it. */
function secretsOf({ headers = {}, query = {} }: Signature, common: Readonly<Record<string, string>>): string[] {
  const named = Object.entries(common).filter(([name]) => /auth|key|token|secret|cookie/i.test(name));
  const values = [
    ...Object.values(headers),
    ...Object.values(query).flat().map(String),
    ...named.map(([, value]) => value),
  ];
  return values.flatMap((value) => [value, value.replace(/^\w+ /, '')]);
}
