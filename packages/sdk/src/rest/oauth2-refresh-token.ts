import type { JsonObject } from '../json/json-value.js';
import { OAuth2Token, type OAuth2Options } from './oauth2-token.js';

export interface OAuth2RefreshTokenOptions extends OAuth2Options {
  clientId: string;
  refreshToken: string;
  /**
   * Told the new refresh token where the server gives another one with each access token (rotation). The old one is then
   * void: keep the new one where the next run finds it. @default it serves this run only
   */
  onRotated?: (refreshToken: string) => void;
}

/** Signs in by an OAuth 2.0 refresh token that a person's consent gave (RFC 6749, 6). */
export class OAuth2RefreshToken extends OAuth2Token {
  #refreshToken: string;
  readonly #onRotated: OAuth2RefreshTokenOptions['onRotated'];

  constructor({ refreshToken, onRotated, ...options }: OAuth2RefreshTokenOptions) {
    super(options);
    this.#refreshToken = refreshToken;
    this.#onRotated = onRotated;
  }

  protected override grant(): Record<string, string> {
    return { grant_type: 'refresh_token', refresh_token: this.#refreshToken };
  }

  protected override granted({ refresh_token: rotated }: JsonObject): void {
    if (typeof rotated !== 'string' || rotated === this.#refreshToken) return;
    this.#refreshToken = rotated;
    this.#onRotated?.(rotated);
  }
}
