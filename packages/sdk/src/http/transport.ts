import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
// The only file that imports axios: its errors hold the request with its headers and must not get any further than here.
// eslint-disable-next-line no-restricted-imports
import type { AxiosInstance, AxiosResponse, CreateAxiosDefaults } from 'axios';
import { NetworkError } from '../errors/source-errors.js';
import type { HttpMethod } from './http-request.js';
import type { HttpResponse } from './http-response.js';

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
export function createAxiosTransport({ maxConnections }: { maxConnections: number }): Transport {
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
    maxContentLength: MAX_BODY_BYTES,
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
    return toHttpResponse(response);
  } catch (error) {
    signal?.throwIfAborted();
    throw toNetworkError(error, {
      endpoint: `${method} ${path}`,
      host: new URL(url).host,
      deadlineMs,
      timedOut: deadline.signal.aborted,
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function toHttpResponse({ status, headers, data }: AxiosResponse<Buffer>): HttpResponse {
  const values = headers as Record<string, unknown>;
  const header = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const date = Date.parse(header('date') ?? '');
  return { status, header, body: data, serverDateMs: Number.isNaN(date) ? undefined : date };
}

/** Keeps code and place of a failure, and nothing of the library's error, which holds headers and query. */
function toNetworkError(
  error: unknown,
  { endpoint, host, deadlineMs, timedOut }: { endpoint: string; host: string; deadlineMs: number; timedOut: boolean },
): NetworkError {
  if (timedOut) {
    return new NetworkError({
      message: `${host} gave no complete answer to ${endpoint} within ${deadlineMs / 1000} s`,
    });
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return new NetworkError({
    message: `${endpoint}: ${describeFailure(code, host)}`,
    unreachable: code === 'ENOTFOUND' || code === 'ECONNREFUSED',
  });
}

const FAILURES: Record<string, string> = {
  ENOTFOUND: 'there is no host named',
  EAI_AGAIN: 'the name service did not answer for',
  ECONNREFUSED: 'nothing answers at',
  ECONNRESET: 'the connection was reset by',
  EPIPE: 'the connection was reset by',
  ECONNABORTED: 'the answer was broken off by',
  ERR_BAD_RESPONSE: 'the answer was broken off by',
  ETIMEDOUT: 'no connection in time to',
  EHOSTUNREACH: 'there is no way to',
  ENETUNREACH: 'there is no way to',
  CERT_HAS_EXPIRED: 'the certificate has expired of',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is not trusted of',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is not trusted of',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is not trusted of',
};

function describeFailure(code: string | undefined, host: string): string {
  if (code === undefined) return `the request to ${host} failed`;
  return `${FAILURES[code] ?? 'the request failed at'} ${host} (${code})`;
}
