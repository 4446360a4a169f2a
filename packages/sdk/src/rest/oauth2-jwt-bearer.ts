import { createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { ConfigError } from '../errors/config-error.js';
import type { JsonObject } from '../json/json-value.js';
import { OAuth2Token, type OAuth2Options } from './oauth2-token.js';

/** How long an assertion holds; it is used at once. */
const LIFETIME_S = 300;

export interface OAuth2JwtBearerOptions extends OAuth2Options {
  /** The key in PEM. */
  privateKey: string;
  /** The key's name, `kid` in the header. @default none */
  keyId?: string;
  /** @default RS256 */
  algorithm?: 'RS256' | 'ES256';
  /** Who asserts, `iss`: a service account or the client. */
  issuer: string;
  /** For whom, `sub`. @default the issuer */
  subject?: string;
  /** To whom, `aud`. @default the token endpoint */
  audience?: string;
  /** Further claims; some services take the scope here. @default none */
  claims?: JsonObject;
}

/** Signs in by a signed assertion (RFC 7523), as service accounts do. */
export class OAuth2JwtBearer extends OAuth2Token {
  readonly #options: OAuth2JwtBearerOptions;

  constructor(options: OAuth2JwtBearerOptions) {
    super(options);
    this.#options = options;
  }

  protected override grant(): Record<string, string> {
    return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: this.#assertion() };
  }

  #assertion(): string {
    const { keyId, algorithm = 'RS256', issuer, subject = issuer, audience, tokenUrl, claims } = this.#options;
    const issuedAt = Math.floor(this.clock.now() / 1000);
    const header = { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
    const payload = {
      iss: issuer,
      sub: subject,
      aud: audience ?? tokenUrl,
      iat: issuedAt,
      exp: issuedAt + LIFETIME_S,
      jti: randomUUID(),
      ...claims,
    };
    const content = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('sha256', Buffer.from(content), { key: this.#key(), dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  }

  #key(): KeyObject {
    try {
      return createPrivateKey(this.#options.privateKey);
    } catch (cause) {
      throw new ConfigError({ message: 'the private key cannot be read; it must be in PEM format', cause });
    }
  }
}
