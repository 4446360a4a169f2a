export type { Authenticator } from './authenticator.js';
export { HttpClient, type HttpClientOptions, type Query, type RequestReport } from './http-client.js';
export type { HttpResponse } from './http-response.js';
export { parseJsonBody } from './json-body.js';
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry.js';
export { type Clock, systemClock } from './clock.js';
export type { Transport, TransportRequest } from './transport.js';
