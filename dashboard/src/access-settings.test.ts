import { readAccessSettings } from './access-settings.js';

const OIDC = {
  DASHBOARD_SIGN_IN: 'oidc',
  DASHBOARD_OIDC_ISSUER: 'https://login.example/realm/',
  DASHBOARD_OIDC_CLIENT_ID: 'dashboard',
  DASHBOARD_OIDC_CLIENT_SECRET: 'not-to-be-shown',
  DASHBOARD_URL: 'https://figures.example',
};

describe('who may read the dashboard', () => {
  it('is whoever is at this machine, unless a sign-in is set', () => {
    expect(readAccessSettings({})).toEqual({ listen: '127.0.0.1', signIn: { by: 'nobody' } });
    expect(readAccessSettings({ ...OIDC, DASHBOARD_LISTEN: '::' }).signIn).toMatchObject({
      by: 'oidc',
      issuer: 'https://login.example/realm',
      scope: 'openid profile email',
    });
  });

  it.each([
    [
      'other machines without a sign-in',
      { DASHBOARD_LISTEN: '0.0.0.0' },
      /^DASHBOARD_LISTEN is 0\.0\.0\.0, .*DASHBOARD_SIGN_IN/,
    ],
    ['a sign-in that there is not', { DASHBOARD_SIGN_IN: 'saml' }, /must be one of none, proxy, oidc/],
    ['an address that is none', { DASHBOARD_LISTEN: 'localhost' }, /must be an IP address/],
    [
      'a distant proxy without a secret',
      { DASHBOARD_SIGN_IN: 'proxy', DASHBOARD_PROXY_ADDRESSES: '10.0.0.7' },
      /^DASHBOARD_PROXY_SECRET is not set/,
    ],
    [
      'a secret that can be guessed',
      { DASHBOARD_SIGN_IN: 'proxy', DASHBOARD_PROXY_SECRET: 'guess-me' },
      /^DASHBOARD_PROXY_SECRET is too short\. (?!.*guess-me)/,
    ],
    ['a provider without TLS', { ...OIDC, DASHBOARD_OIDC_ISSUER: 'http://login.example' }, /must begin with https/],
    [
      'a client without a secret',
      { ...OIDC, DASHBOARD_OIDC_CLIENT_SECRET: '' },
      /^DASHBOARD_OIDC_CLIENT_SECRET is not set/,
    ],
  ])('cannot be %s', (_name, env, complaint) => {
    expect(() => readAccessSettings(env)).toThrow(complaint);
  });
});
