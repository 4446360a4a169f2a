import type { HttpMethod, Query } from './http-request.js';

/** A request that is ready to be sent, as an authenticator sees it. */
export interface SignableRequest {
  readonly method: HttpMethod;
  /** The whole address with its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What it carries, just as it will be sent. */
  readonly body: string | undefined;
}

/** What signs a request in. It reaches neither messages nor logs. */
export interface Signature {
  /** Headers to add. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Parameters to add to the address. @default none */
  readonly query?: Query;
}

/** Signs requests in. */
export interface Authenticator {
  /** What signs a request in; asked for at every try, so it may change. */
  sign(request: SignableRequest, signal: AbortSignal): Promise<Signature> | Signature;
  /** Told that a request was refused (401); whether it is worth another try with new credentials. @default false */
  renew?(): boolean;
}
