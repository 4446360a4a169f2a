import { AuthenticationError } from '../errors/authentication-error.js';
import { RequestRefusedError, UnexpectedResponseError } from '../errors/source-errors.js';
import type { Authenticator, Signature } from '../http/authenticator.js';
import { systemClock, type Clock } from '../http/clock.js';
import { HttpClient } from '../http/http-client.js';
import type { HttpResponse } from '../http/http-response.js';
import { parseJsonBody } from '../http/json-body.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { basic } from './authenticators.js';

/** A token is renewed this long before it expires, so that none expires on its way. */
const LEEWAY_MS = 60_000;
/** A token this young was renewed for another request: it has not been tried yet. */
const FRESH_MS = 5_000;
/** How long a token is taken to live when the server does not say (RFC 6749, 5.1, asks it to). */
const DEFAULT_LIFETIME_S = 3600;

export interface OAuth2Options {
  /** The address of the token endpoint. */
  tokenUrl: string;
  /** @default the grant needs none */
  clientId?: string;
  /** @default a public client, which has none */
  clientSecret?: string;
  /** Where the client's id and secret are sent: in the form, or by HTTP's basic scheme (RFC 6749, 2.3.1). @default body */
  clientAuthentication?: 'body' | 'basic';
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
 * Signs in by an OAuth 2.0 access token (RFC 6749, 6750), which a subclass's grant asks for. One token serves all requests
 * until shortly before it expires; requests that come while it is fetched wait for the same one.
 */
export abstract class OAuth2Token implements Authenticator {
  protected readonly clock: Clock;
  readonly #options: OAuth2Options;
  #token: Token | undefined;
  #fetching: Promise<Token> | undefined;

  constructor(options: OAuth2Options) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
  }

  /** The parameters of the token request that make the grant, `grant_type` among them. */
  protected abstract grant(): Record<string, string>;

  /** Told what the token endpoint answered. */
  protected granted(_answer: JsonObject): void {
    // Most grants need nothing but the access token.
  }

  /** @throws {AuthenticationError} when the server refuses the grant */
  async sign(_request: unknown, signal: AbortSignal): Promise<Signature> {
    if (!this.#token || this.clock.now() >= this.#token.expiresAtMs - LEEWAY_MS) {
      this.#fetching ??= this.#fetch(signal).finally(() => (this.#fetching = undefined));
      this.#token = await this.#fetching;
    }
    return { headers: { Authorization: `Bearer ${this.#token.text}` } };
  }

  renew(): boolean {
    if (this.#token && this.clock.now() - this.#token.fetchedAtMs > FRESH_MS) this.#token = undefined;
    return true;
  }

  async #fetch(signal: AbortSignal): Promise<Token> {
    const { tokenUrl, scope, parameters, userAgent = 'singer-io-ts' } = this.#options;
    const { origin, pathname, search } = new URL(tokenUrl);
    const client = new HttpClient({ baseUrl: origin, userAgent, signal, clock: this.clock, ...this.#basic() });
    const form = { ...this.grant(), ...this.#client(), ...(scope === undefined ? {} : { scope }), ...parameters };
    try {
      return await client.request({ method: 'POST', path: `${pathname}${search}`, body: { form } }, (response) =>
        this.#read(response, pathname),
      );
    } catch (cause) {
      // Token endpoints say 400 to wrong credentials (RFC 6749, 5.2).
      if (!RequestRefusedError.isInstance(cause)) throw cause;
      const { status, answer } = cause;
      throw new AuthenticationError({ message: `sign-in was refused: ${cause.message}`, cause, status, answer });
    } finally {
      client.close();
    }
  }

  /** The client's id and secret in the form. */
  #client(): Record<string, string> {
    const { clientId, clientSecret, clientAuthentication = 'body' } = this.#options;
    if (clientAuthentication === 'basic') return {};
    return {
      ...(clientId === undefined ? {} : { client_id: clientId }),
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    };
  }

  #basic(): { authenticator?: Authenticator } {
    const { clientId = '', clientSecret = '', clientAuthentication = 'body' } = this.#options;
    if (clientAuthentication === 'body') return {};
    // Both are encoded as a form's values first (RFC 6749, 2.3.1).
    return { authenticator: basic({ user: formEncoded(clientId), password: formEncoded(clientSecret) }) };
  }

  #read({ body }: HttpResponse, path: string): Token {
    const answer = parseJsonBody(body, path);
    const text = isJsonObject(answer) ? answer['access_token'] : undefined;
    if (!isJsonObject(answer) || typeof text !== 'string') {
      throw new UnexpectedResponseError({ message: `the response to POST ${path} has no access_token` });
    }
    this.granted(answer);
    const seconds = Number(answer['expires_in'] ?? DEFAULT_LIFETIME_S);
    const fetchedAtMs = this.clock.now();
    return { text, fetchedAtMs, expiresAtMs: fetchedAtMs + Math.max(seconds * 1000, LEEWAY_MS + FRESH_MS) };
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
