import { AuthenticationError } from '../errors/authentication-error.js';
import { RequestRefusedError, UnexpectedResponseError } from '../errors/source-errors.js';
import type { Authenticator } from '../http/authenticator.js';
import { systemClock, type Clock } from '../http/clock.js';
import { HttpClient } from '../http/http-client.js';
import type { HttpResponse } from '../http/http-response.js';
import { parseJsonBody } from '../http/json-body.js';
import { isJsonObject } from '../json/json-value.js';

/** A token is renewed this long before it expires, so that none expires on its way. */
const LEEWAY_MS = 60_000;
/** A token this young was renewed for another request: it has not been tried yet. */
const FRESH_MS = 5_000;
/** How long a token is taken to live when the server does not say (RFC 6749, 5.1, asks it to). */
const DEFAULT_LIFETIME_S = 3600;

export interface OAuth2ClientCredentialsOptions {
  /** The address of the token endpoint. */
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  /** Space-separated. @default none */
  scope?: string;
  /** Further parameters of the token request, such as `audience`. @default none */
  parameters?: Readonly<Record<string, string>>;
  /** @default singer-io-ts */
  userAgent?: string;
  /** @default the machine's clock */
  clock?: Clock;
}

interface Token {
  readonly text: string;
  readonly fetchedAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * Signs in by OAuth 2.0 client credentials (RFC 6749, 4.4). One token serves all requests until shortly before it expires;
 * requests that come while it is fetched wait for the same one.
 */
export class OAuth2ClientCredentials implements Authenticator {
  readonly #options: OAuth2ClientCredentialsOptions;
  readonly #clock: Clock;
  #token: Token | undefined;
  #fetching: Promise<Token> | undefined;

  constructor(options: OAuth2ClientCredentialsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** @throws {AuthenticationError} when the server refuses the credentials */
  async headers(signal: AbortSignal): Promise<Record<string, string>> {
    if (!this.#token || this.#clock.now() >= this.#token.expiresAtMs - LEEWAY_MS) {
      this.#fetching ??= this.#fetch(signal).finally(() => (this.#fetching = undefined));
      this.#token = await this.#fetching;
    }
    return { Authorization: `Bearer ${this.#token.text}` };
  }

  renew(): boolean {
    if (this.#token && this.#clock.now() - this.#token.fetchedAtMs > FRESH_MS) this.#token = undefined;
    return true;
  }

  async #fetch(signal: AbortSignal): Promise<Token> {
    const { tokenUrl, clientId, clientSecret, scope, parameters, userAgent = 'singer-io-ts' } = this.#options;
    const { origin, pathname, search } = new URL(tokenUrl);
    const client = new HttpClient({ baseUrl: origin, userAgent, signal, clock: this.#clock });
    try {
      return await client.postForm(
        `${pathname}${search}`,
        {
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          ...(scope === undefined ? {} : { scope }),
          ...parameters,
        },
        (response) => this.#read(response, pathname),
      );
    } catch (cause) {
      // Token endpoints say 400 to wrong credentials (RFC 6749, 5.2).
      if (!RequestRefusedError.isInstance(cause)) throw cause;
      throw new AuthenticationError({ message: `sign-in was refused: ${cause.message}`, cause });
    } finally {
      client.close();
    }
  }

  #read({ body }: HttpResponse, path: string): Token {
    const answer = parseJsonBody(body, path);
    const text = isJsonObject(answer) ? answer['access_token'] : undefined;
    if (!isJsonObject(answer) || typeof text !== 'string') {
      throw new UnexpectedResponseError({ message: `the answer to POST ${path} holds no access_token` });
    }
    const seconds = Number(answer['expires_in'] ?? DEFAULT_LIFETIME_S);
    const fetchedAtMs = this.#clock.now();
    return { text, fetchedAtMs, expiresAtMs: fetchedAtMs + Math.max(seconds * 1000, LEEWAY_MS + FRESH_MS) };
  }
}
