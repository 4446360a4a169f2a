/// <reference types="node" preserve="true" />
export type { Answer } from './answer.js';
export type { Authenticator, SignableRequest, Signature } from './authenticator.js';
export { HttpClient, type HttpClientOptions, type ReadAnswer, type RequestReport } from './http-client.js';
export type { HttpMethod, HttpRequest, Query, QueryValue, RequestBody } from './http-request.js';
export type { HttpResponse } from './http-response.js';
export { parseJsonBody } from './json-body.js';
export type { ResponseAction, ResponseRule, StatusMatch } from './response-rules.js';
export { DEFAULT_RETRY_POLICY, type RetryOptions, type RetryPolicy, withRetry } from './retry.js';
export { type Clock, systemClock } from './clock.js';
export type { Transport, TransportRequest } from './transport.js';
