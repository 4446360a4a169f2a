import { numberOf, useApi, type Handler } from '../../test/support/test-api.js';
import { bearer } from './authenticators.js';
import type { Paginator } from './paginator.js';
import { cursorPages, linkedPages, linkHeaderPages, numberedPages, offsetPages } from './paginators.js';

const api = useApi();

const ALL = Array.from({ length: 23 }, (_, id) => ({ id }));
const slice = (from: number, count: number): { id: number }[] => ALL.slice(from, from + count);

describe('pages', () => {
  it.each<[string, () => Paginator, Handler, number]>([
    [
      'by offset, to a page that is not full',
      () => offsetPages({ limit: 5 }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'offset'), numberOf(url, 'limit')) } }),
      5,
    ],
    [
      'by offset, to the total',
      () => offsetPages({ limit: 23, totalPath: 'meta.total' }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'offset'), 10), meta: { total: '23' } } }),
      3,
    ],
    [
      'by number',
      () => numberedPages({ pageSize: 10, sizeParameter: 'per_page' }),
      (_r, url) => ({ body: { data: slice((numberOf(url, 'page') - 1) * 10, numberOf(url, 'per_page')) } }),
      3,
    ],
    [
      'by number from 0, while the answer says that more follow',
      () => numberedPages({ pageSize: 99, firstPage: 0, hasMorePath: 'more' }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'page') * 10, 10), more: numberOf(url, 'page') < 2 } }),
      3,
    ],
    [
      'by offset, from a server that gives at most ten at a time',
      () => offsetPages({ limit: 1000 }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'offset'), 10) } }),
      3,
    ],
    [
      'by offset, where the total is null',
      () => offsetPages({ limit: 8, totalPath: 'total' }),
      (_r, url) => ({ body: { data: slice(numberOf(url, 'offset'), 8), total: null } }),
      3,
    ],
    [
      'by number, past a page of which a filter left nothing',
      () => numberedPages({ pageSize: 12, hasMorePath: 'more' }),
      (_r, url) => ({
        body: {
          data: slice([0, 0, 23, 12][numberOf(url, 'page')] ?? 0, numberOf(url, 'page') === 2 ? 0 : 12).slice(0, 12),
          more: numberOf(url, 'page') < 3,
        },
      }),
      3,
    ],
    [
      'by a link that is parameters alone',
      () => linkedPages({ linkPath: 'next' }),
      (_r, url) => ({
        body:
          url.pathname === '/things'
            ? { data: slice(numberOf(url, 'from'), 12), next: numberOf(url, 'from') === 0 ? '?from=12' : null }
            : {},
      }),
      2,
    ],
    [
      'by cursor',
      () => cursorPages({ cursorPath: 'next', cursorParameter: 'after' }),
      (_r, url) => ({
        body: {
          data: slice(numberOf(url, 'after'), 10),
          next: numberOf(url, 'after') < 20 ? numberOf(url, 'after') + 10 : null,
        },
      }),
      3,
    ],
    [
      'by cursor, until the answer says that none follow',
      () => cursorPages({ cursorPath: 'next', cursorParameter: 'after', hasMorePath: 'more' }),
      (_r, url) => ({
        body: {
          data: slice(numberOf(url, 'after'), 10),
          next: String(numberOf(url, 'after') + 10),
          more: numberOf(url, 'after') < 20,
        },
      }),
      3,
    ],
    [
      'by Link header',
      () => linkHeaderPages(),
      (_r, url) => ({
        body: { data: slice(numberOf(url, 'from'), 10) },
        headers: {
          link: `<${api.base}/things?from=0>; rel="first"${numberOf(url, 'from') < 20 ? `, <${api.base}/things?from=${numberOf(url, 'from') + 10}>; rel="next"` : ''}`,
        },
      }),
      3,
    ],
    [
      'by a link in the answer',
      () => linkedPages({ linkPath: 'links.next' }),
      (_r, url) => ({
        body: {
          data: slice(numberOf(url, 'from'), 10),
          links: { next: numberOf(url, 'from') < 20 ? `${api.base}/things?from=${numberOf(url, 'from') + 10}` : null },
        },
      }),
      3,
    ],
  ])('%s give every record once', async (_title, pages, answer, calls) => {
    api.handler = answer;
    expect(await api.read({ pages })).toEqual(ALL);
    expect(api.asked).toHaveLength(calls);
  });

  it.each(['/v1/things', 'things', './things', '../v1/things', ''])(
    'may be pointed to by an address that is relative to the page: "%s"',
    async (link) => {
      api.handler = (_request, url) => ({
        body: url.pathname === '/v1/things' ? { data: slice(numberOf(url, 'from'), 10) } : {},
        headers: numberOf(url, 'from') < 20 ? { link: `<${link}?from=${numberOf(url, 'from') + 10}>; rel="next"` } : {},
      });
      expect(await api.read({ pages: () => linkHeaderPages(), baseUrl: `${api.base}/v1` })).toEqual(ALL);
    },
  );

  it('that cannot be read are reported without the query of their address', async () => {
    api.handler = (_request, url) =>
      url.searchParams.has('token')
        ? { body: '<html>' }
        : { body: { data: [], next: `${api.base}/things?token=hunter2` } };
    await expect(api.read({ pages: () => linkedPages({ linkPath: 'next' }) })).rejects.toMatchObject({
      message: 'the response to GET /things is HTML or XML, not JSON',
    });
    api.handler = () => ({ body: { data: [], next: 'http://' } });
    await expect(api.read({ pages: () => linkedPages({ linkPath: 'next' }) })).rejects.toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
    });
  });

  it('that lead in a circle end the run instead of going on for ever', async () => {
    api.handler = () => ({ body: { data: slice(0, 2), next: 'same' } });
    await expect(
      api.read({ pages: () => cursorPages({ cursorPath: 'next', cursorParameter: 'after' }) }),
    ).rejects.toMatchObject({
      code: 'PAGINATION_LOOP',
    });
    expect(api.asked).toHaveLength(2);
  });

  it('on another server are not followed: it would see the credentials', async () => {
    api.handler = () => ({ body: { data: slice(0, 2), next: 'http://127.0.0.1:9/steal' } });
    await expect(
      api.read({ pages: () => linkedPages({ linkPath: 'next' }), authenticator: bearer('secret') }),
    ).rejects.toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: expect.stringContaining('another server'),
    });
  });

  it('ask for the next one only when the records of this one are taken', async () => {
    api.handler = (_request, url) => ({ body: { data: slice(numberOf(url, 'offset'), 5) } });
    const records = api.listing({ pages: () => offsetPages({ limit: 5 }) });
    for (let i = 0; i < 5; i += 1) await records.next();
    expect(api.asked).toHaveLength(1);
    await records.next();
    expect(api.asked).toHaveLength(2);
  });
});
