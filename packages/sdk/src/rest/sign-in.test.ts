import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SignableRequest } from '../http/authenticator.js';
import { queryKey } from './authenticators.js';
import { hmac } from './hmac.js';
import { OAuth2ClientCredentials } from './oauth2-client-credentials.js';
import { OAuth2JwtBearer } from './oauth2-jwt-bearer.js';
import { OAuth2RefreshToken } from './oauth2-refresh-token.js';

const { signal } = new AbortController();
const request: SignableRequest = {
  method: 'POST',
  url: 'https://api.test/orders?a=1',
  headers: { Accept: '*/*' },
  body: '{"x":1}',
};

it('puts a key into the address', () => {
  expect(queryKey({ parameter: 'api_key', key: 'k' }).sign(request, signal)).toEqual({ query: { api_key: 'k' } });
});

it('signs by a hash of the whole request', async () => {
  const now = Date.parse('2026-02-03T04:05:06Z');
  const signed = await hmac({
    secret: 's',
    header: 'X-Signature',
    prefix: 'v1=',
    message: ({ method, url, body }, at) => `${at}${method}${new URL(url).pathname}${body ?? ''}`,
    headers: (_request, at) => ({ 'X-Time': String(at) }),
    clock: { now: () => now, sleep: () => Promise.resolve() },
  }).sign(request, signal);
  const expected = createHmac('sha256', 's').update(`${now}POST/orders{"x":1}`).digest('hex');
  expect(signed).toEqual({ headers: { 'X-Signature': `v1=${expected}`, 'X-Time': String(now) } });
});

describe('OAuth 2', () => {
  let server: Server;
  let tokenUrl: string;
  const asked: { authorization: string | undefined; form: URLSearchParams }[] = [];
  let extra: object = {};
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => {
        asked.push({ authorization: incoming.headers.authorization, form: new URLSearchParams(body) });
        response.end(JSON.stringify({ access_token: `t${asked.length}`, expires_in: 3600, ...extra }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked.splice(0);
    extra = {};
  });

  it('takes the client’s credentials by HTTP basic, encoded as a form’s values', async () => {
    await new OAuth2ClientCredentials({
      tokenUrl,
      clientId: 'a b',
      clientSecret: 'c:d',
      clientAuthentication: 'basic',
    }).sign(request, signal);
    expect(asked[0]!.authorization).toBe(`Basic ${Buffer.from('a+b:c%3Ad').toString('base64')}`);
    expect(Object.fromEntries(asked[0]!.form)).toEqual({ grant_type: 'client_credentials' });
  });

  it('renews by a refresh token, and uses and tells the one that takes its place', async () => {
    extra = { refresh_token: 'second' };
    const rotated: string[] = [];
    let now = 0;
    const oauth = new OAuth2RefreshToken({
      tokenUrl,
      clientId: 'id',
      refreshToken: 'first',
      onRotated: (token) => rotated.push(token),
      clock: { now: () => now, sleep: () => Promise.resolve() },
    });
    expect(await oauth.sign(request, signal)).toEqual({ headers: { Authorization: 'Bearer t1' } });
    now = 4_000_000;
    await oauth.sign(request, signal);
    expect(asked.map(({ form }) => form.get('refresh_token'))).toEqual(['first', 'second']);
    expect(Object.fromEntries(asked[0]!.form)).toMatchObject({ grant_type: 'refresh_token', client_id: 'id' });
    expect(rotated).toEqual(['second']);
  });

  it('asserts by a signed token', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await new OAuth2JwtBearer({
      tokenUrl,
      issuer: 'robot@plant.test',
      keyId: 'k1',
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      claims: { scope: 'read' },
    }).sign(request, signal);
    const { form } = asked[0]!;
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header = '', payload = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    expect(
      createVerify('sha256').update(`${header}.${payload}`).verify(publicKey, Buffer.from(signature, 'base64url')),
    ).toBe(true);
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
    expect(read(payload)).toMatchObject({
      iss: 'robot@plant.test',
      sub: 'robot@plant.test',
      aud: tokenUrl,
      scope: 'read',
    });
  });

  it('says that a key cannot be read, without showing it', async () => {
    const oauth = new OAuth2JwtBearer({ tokenUrl, issuer: 'x', privateKey: 'hunter2' });
    await expect(oauth.sign(request, signal)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.not.stringContaining('hunter2'),
    });
  });
});
