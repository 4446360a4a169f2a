/** Signs requests in. */
export interface Authenticator {
  /** The headers that sign a request in; asked for at every try, so they may change. */
  headers(signal: AbortSignal): Promise<Record<string, string>> | Record<string, string>;
  /** Told that a request was refused (401); whether it is worth another try with new credentials. @default false */
  renew?(): boolean;
}
