import { OAuth2Token, type OAuth2Options } from './oauth2-token.js';

export interface OAuth2ClientCredentialsOptions extends OAuth2Options {
  clientId: string;
  clientSecret: string;
}

/** Signs in by OAuth 2.0 client credentials (RFC 6749, 4.4). */
export class OAuth2ClientCredentials extends OAuth2Token {
  // The grant cannot do without the client's own credentials.
  // eslint-disable-next-line @typescript-eslint/no-useless-constructor
  constructor(options: OAuth2ClientCredentialsOptions) {
    super(options);
  }

  protected override grant(): Record<string, string> {
    return { grant_type: 'client_credentials' };
  }
}
