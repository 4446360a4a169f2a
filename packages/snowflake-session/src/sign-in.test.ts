import { generateKeyPairSync } from 'node:crypto';
import { chooseSignIn } from './sign-in.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const environmentVariable = (setting: string): string => `LOADER_${setting.toUpperCase()}`;
const none = { use_browser_authentication: false, user: 'u' };

describe('chooseSignIn', () => {
  it.each([
    [{ private_key: key }, 'SNOWFLAKE_JWT', { username: 'u', privateKey: key }],
    [{ oauth_access_token: 't' }, 'OAUTH', { token: 't' }],
    [
      {
        oauth_client_id: 'i',
        oauth_client_secret: 's',
        oauth_token_request_url: 'https://idp/token',
        oauth_scope: 'x',
      },
      'OAUTH_CLIENT_CREDENTIALS',
      { oauthClientId: 'i', oauthClientSecret: 's', oauthTokenRequestUrl: 'https://idp/token', oauthScope: 'x' },
    ],
    [{ programmatic_access_token: 't' }, 'PROGRAMMATIC_ACCESS_TOKEN', { token: 't' }],
    [
      { workload_identity_provider: 'OIDC' as const, workload_identity_token: 't' },
      'WORKLOAD_IDENTITY',
      { workloadIdentityProvider: 'OIDC', token: 't' },
    ],
    [{ workload_identity_provider: 'AWS' as const }, 'WORKLOAD_IDENTITY', { workloadIdentityProvider: 'AWS' }],
    [{ use_browser_authentication: true }, 'EXTERNALBROWSER', { username: 'u' }],
    [{ password: 'p' }, 'SNOWFLAKE', { username: 'u', password: 'p' }],
    [
      { password: 'p', authenticator: 'https://firm.okta.com' },
      'https://firm.okta.com',
      { username: 'u', password: 'p' },
    ],
  ])('%j', (settings, authenticator, options) => {
    expect(chooseSignIn({ ...none, ...settings }, environmentVariable).options).toMatchObject({
      authenticator,
      ...options,
    });
  });

  it('prefers what is safer when settings allow several ways', () => {
    expect(chooseSignIn({ ...none, password: 'p', private_key: key }, environmentVariable).method).toBe('key pair');
    expect(
      chooseSignIn({ ...none, password: 'p', private_key: key, authenticator: 'snowflake' }, environmentVariable)
        .method,
    ).toBe('password');
  });

  it.each([
    [{}, /nothing to sign in with: set private_key_path \(LOADER_PRIVATE_KEY_PATH\)/],
    [
      { password: 'p', user: undefined },
      /setting "user" \(environment variable LOADER_USER\) is missing, which sign-in by password needs/,
    ],
    [{ authenticator: 'oauth' }, /setting "oauth_access_token" .* is missing/],
    [{ authenticator: 'telepathy' }, /must be one of externalbrowser, snowflake_jwt/],
    [{ workload_identity_provider: 'OIDC' as const }, /"workload_identity_token" .* is missing/],
    [{ private_key: 'rubbish' }, /setting "private_key" .* holds no private key that can be read/],
    [{ private_key_path: '/nowhere/key.p8' }, /the file \/nowhere\/key.p8 .* cannot be read \(ENOENT\)/],
    [
      { private_key: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
      /of type ed25519; Snowflake takes RSA keys/,
    ],
  ])('%j is refused', (settings, message) => {
    expect(() =>
      chooseSignIn({ ...none, ...settings } as Parameters<typeof chooseSignIn>[0], environmentVariable),
    ).toThrow(message);
  });
});
