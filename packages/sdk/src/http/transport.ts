import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
// The only file that imports axios: its errors hold the request with its headers and must not get any further than here.
// eslint-disable-next-line no-restricted-imports
import type { AxiosInstance, AxiosResponse, CreateAxiosDefaults } from 'axios';
import { NetworkError } from '../errors/source-errors.js';
import type { HttpMethod } from './http-request.js';
import type { HttpResponse } from './http-response.js';
import { proxyFor } from './proxy-for.js';

/** The largest body that is read; a page of a thousand records is two orders below. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** One try of one request. Resolves with any status; throws {@link NetworkError} where no complete answer came. */
export interface Transport {
  send(request: TransportRequest): Promise<HttpResponse>;
  close(): void;
}

export interface TransportRequest {
  method: HttpMethod;
  /** The whole address with its query. */
  url: string;
  /** The path alone, for messages. */
  path: string;
  headers: Record<string, string>;
  /** @default none */
  body?: string | undefined;
  /** From the first byte sent to the last byte received, dripping bodies included. */
  deadlineMs: number;
  signal?: AbortSignal | undefined;
}

/** A transport over kept-alive connections. Redirects are not followed: they would carry the credentials elsewhere. */
export function createAxiosTransport({
  maxConnections,
  maxBodyBytes = MAX_BODY_BYTES,
}: {
  maxConnections: number;
  maxBodyBytes?: number | undefined;
}): Transport {
  const agentOptions = { keepAlive: true, maxSockets: maxConnections, scheduling: 'lifo' } as const;
  const httpAgent = new HttpAgent(agentOptions);
  const httpsAgent = new HttpsAgent(agentOptions);
  // Loaded with the first request: most ways of calling a tap make none, and it is half of what starting costs.
  let client: Promise<AxiosInstance> | undefined;
  const settings: CreateAxiosDefaults = {
    httpAgent,
    httpsAgent,
    responseType: 'arraybuffer',
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
    maxRedirects: 0,
    maxContentLength: maxBodyBytes,
  };
  return {
    send: async (request) => {
      client ??= createClient(settings);
      return send(await client, request);
    },
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

async function createClient(settings: CreateAxiosDefaults): Promise<AxiosInstance> {
  const { default: axios } = await import('axios');
  return axios.create(settings);
}

async function send(
  client: AxiosInstance,
  { method, url, path, headers, body, deadlineMs, signal }: TransportRequest,
): Promise<HttpResponse> {
  const deadline = new AbortController();
  const abort = (): void => deadline.abort();
  const timer = setTimeout(abort, deadlineMs);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    const response = await client.request<Buffer>({ method, url, headers, data: body, signal: deadline.signal });
    return toHttpResponse(response, url);
  } catch (error) {
    signal?.throwIfAborted();
    throw toNetworkError(error, {
      endpoint: `${method} ${path}`,
      protocol: new URL(url).protocol,
      host: new URL(url).host,
      deadlineMs,
      timedOut: deadline.signal.aborted,
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function toHttpResponse({ status, headers, data }: AxiosResponse<Buffer>, url: string): HttpResponse {
  const values = headers as Record<string, unknown>;
  const header = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const date = Date.parse(header('date') ?? '');
  const { origin, pathname } = new URL(url);
  return {
    url: `${origin}${pathname}`,
    status,
    header,
    body: data,
    serverDateMs: Number.isNaN(date) ? undefined : date,
  };
}

/** Keeps code and place of a failure, and nothing of the library's error, which holds headers and query. */
function toNetworkError(
  error: unknown,
  {
    endpoint,
    protocol,
    host,
    deadlineMs,
    timedOut,
  }: { endpoint: string; protocol: string; host: string; deadlineMs: number; timedOut: boolean },
): NetworkError {
  if (timedOut) {
    return new NetworkError({
      message: `${host} did not complete its response to ${endpoint} within ${deadlineMs / 1000} s`,
      tooMuch: true,
    });
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (error instanceof Error && error.message.includes('maxContentLength size')) {
    return new NetworkError({
      message: `the response of ${host} to ${endpoint} is larger than the limit`,
      tooMuch: true,
      answered: true,
    });
  }
  const proxy = proxyFor({ protocol, host }, process.env);
  if (code !== undefined && isCertificateFailure(code)) {
    const through = proxy === undefined ? '' : `, reached through the proxy ${proxy}`;
    return new NetworkError({
      message: `${endpoint}: the certificate of ${host}${through} is not accepted (${code}); if it is signed by an authority of your own, name its file in NODE_EXTRA_CA_CERTS`,
      retriable: false,
    });
  }
  if (proxy !== undefined && (code === 'ENOTFOUND' || code === 'ECONNREFUSED' || code === 'ERR_INVALID_URL')) {
    return new NetworkError({
      message: `${endpoint}: the proxy ${proxy} cannot be reached (${code}); check HTTPS_PROXY, HTTP_PROXY and NO_PROXY`,
      unreachable: true,
      retriable: false,
    });
  }
  return new NetworkError({
    message: `${endpoint}: ${describeFailure(code, host)}`,
    unreachable: code === 'ENOTFOUND' || code === 'ECONNREFUSED',
  });
}

function isCertificateFailure(code: string): boolean {
  return /^(?:CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|ERR_SSL_|HOSTNAME_MISMATCH|PATH_LENGTH_)/.test(
    code,
  );
}

const FAILURES: Record<string, string> = {
  ENOTFOUND: 'there is no host named',
  EAI_AGAIN: 'the name service did not answer for',
  ECONNREFUSED: 'nothing answers at',
  ECONNRESET: 'the connection was reset by',
  EPIPE: 'the connection was reset by',
  ECONNABORTED: 'the answer was broken off by',
  ERR_BAD_RESPONSE: 'the answer was broken off by',
  EPROTO: 'an https:// address is configured, and no TLS is spoken by',
  ETIMEDOUT: 'no connection in time to',
  EHOSTUNREACH: 'there is no way to',
  ENETUNREACH: 'there is no way to',
};

function describeFailure(code: string | undefined, host: string): string {
  if (code === undefined) return `the request to ${host} failed`;
  return `${FAILURES[code] ?? 'the request failed at'} ${host} (${code})`;
}
