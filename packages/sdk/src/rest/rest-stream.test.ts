import { numberOf, useApi } from '../../test/support/test-api.js';
import { ExactNumber } from '../json/exact-number.js';
import type { JsonValue } from '../json/json-value.js';
import { linkHeaderPages, offsetPages } from './paginators.js';

const api = useApi();

describe('a listing', () => {
  it('takes its place in the address from the context, and its digits as they are', async () => {
    api.handler = () => ({ body: '[{"id":12345678901234567890}]' });
    const records = await api.read({
      recordsPath: '',
      path: '/users/{user_id}/posts',
      context: { user_id: 'a/b' },
    });
    expect(api.asked[0]!.path).toBe('/users/a%2Fb/posts?limit=9&offset=0');
    expect(records[0]!['id']).toEqual(new ExactNumber('12345678901234567890'));
  });

  it.each<[JsonValue, string | undefined]>([
    [new ExactNumber('12345678901234567891'), '/users/12345678901234567891'],
    [false, '/users/false'],
    ['ü?#', '/users/%C3%BC%3F%23'],
    ['..', undefined],
    ['', undefined],
    [null, undefined],
    [['a'], undefined],
  ])('has %j of the context in its address, or asks for nothing', async (id, address) => {
    api.handler = () => ({ body: [] });
    const listing = api.read({ pages: () => linkHeaderPages(), recordsPath: '', path: '/users/{id}', context: { id } });
    if (address === undefined) await expect(listing).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
    else expect(await listing).toEqual([]);
    expect(api.asked.map(({ path }) => path)).toEqual(address === undefined ? [] : [address]);
  });

  it('has nothing in it where the answer is that there is no content', async () => {
    api.handler = () => ({ status: 204, body: '' });
    expect(await api.read()).toEqual([]);
  });

  it.each([[{ data: {} }], [{}], [[]], [{ data: [1] }], [null]])(
    'that is none is an error, never zero records: %j',
    async (body) => {
      api.handler = () => ({ body });
      await expect(api.read()).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
    },
  );

  it('names the tap to the server and measures every request', async () => {
    api.handler = () => ({ body: { data: [] } });
    await api.read();
    expect(api.asked[0]!.headers['user-agent']).toBe('tap-x/1.2.3 (singer-io-ts)');
    expect(JSON.parse(api.metrics[0]!.replace('METRIC: ', ''))).toEqual({
      type: 'timer',
      metric: 'http_request_duration',
      value: expect.any(Number),
      tags: { endpoint: '/things', http_status_code: 200, status: 'succeeded' },
    });
  });

  it('is asked for no faster than allowed', async () => {
    const five = Array.from({ length: 5 }, (_, id) => ({ id }));
    api.handler = (_request, url) => ({ body: { data: numberOf(url, 'offset') < 20 ? five : [] } });
    const startedAt = performance.now();
    await api.read({ pages: () => offsetPages({ limit: 5 }), maxRequestsPerSecond: 50 });
    expect(performance.now() - startedAt).toBeGreaterThan(4 * 20 - 5);
  });
});
