import { useApi, type Handler } from '../../test/support/test-api.js';
import { basic, bearer, headerKey } from './authenticators.js';
import { OAuth2ClientCredentials } from './oauth2-client-credentials.js';

const api = useApi();

describe('sign-in', () => {
  const ok: Handler = () => ({ body: { data: [] } });

  it('by a key in a header, by bearer, by user and password', async () => {
    api.handler = ok;
    const authenticators = [
      headerKey({ header: 'X-Key', key: 'k' }),
      bearer('t'),
      basic({ user: 'ü', password: 'p:w' }),
    ];
    for (const authenticator of authenticators) await api.read({ authenticator });
    expect(api.asked.map(({ headers }) => headers['x-key'] ?? headers.authorization)).toEqual([
      'k',
      'Bearer t',
      `Basic ${Buffer.from('ü:p:w').toString('base64')}`,
    ]);
  });

  describe('by OAuth 2 client credentials', () => {
    let tokens = 0;
    beforeEach(() => (tokens = 0));
    const oauth = (clock?: { now: () => number }): OAuth2ClientCredentials =>
      new OAuth2ClientCredentials({
        tokenUrl: `${api.base}/token`,
        clientId: 'id',
        clientSecret: 's3cret',
        scope: 'read',
        ...(clock ? { clock: { ...clock, sleep: () => Promise.resolve() } } : {}),
      });
    const service =
      (accepts: (token: string) => boolean): Handler =>
      (request, url) => {
        if (url.pathname === '/token') return { body: { access_token: `t${(tokens += 1)}`, expires_in: 3600 } };
        return accepts(request.headers.authorization ?? '') ? { body: { data: [] } } : { status: 401 };
      };

    it('fetches one token for all requests', async () => {
      api.handler = service(() => true);
      const authenticator = oauth();
      await Promise.all([1, 2, 3].map(() => api.read({ authenticator })));
      expect(tokens).toBe(1);
      expect(api.asked[0]).toMatchObject({
        method: 'POST',
        body: 'grant_type=client_credentials&client_id=id&client_secret=s3cret&scope=read',
      });
      expect(api.asked.slice(1).map(({ headers }) => headers.authorization)).toEqual([
        'Bearer t1',
        'Bearer t1',
        'Bearer t1',
      ]);
    });

    it('renews the token before it expires, and when the server has forgotten it', async () => {
      let now = 1_000_000;
      const authenticator = oauth({ now: () => now });
      api.handler = service(() => true);
      await api.read({ authenticator });
      now += 3_545_000;
      await api.read({ authenticator });
      expect(tokens).toBe(2);
      now += 10_000;
      api.handler = service((token) => token === 'Bearer t3');
      await api.read({ authenticator });
      expect(tokens).toBe(3);
    });

    it('gives up with exit code 3 when the credentials are refused, without saying them', async () => {
      for (const status of [400, 401]) {
        api.handler = () => ({ status, body: { error: 'invalid_client' } });
        const failed = api.read({ authenticator: oauth() });
        await expect(failed).rejects.toMatchObject({
          code: 'AUTHENTICATION',
          exitCode: 3,
          message: expect.not.stringContaining('s3cret'),
        });
      }
    });

    it('gives up when even a new token is refused', async () => {
      api.handler = service(() => false);
      await expect(api.read({ authenticator: oauth() })).rejects.toMatchObject({
        exitCode: 3,
      });
      expect(api.asked.filter(({ path }) => path.startsWith('/things'))).toHaveLength(2);
    });
  });
});
