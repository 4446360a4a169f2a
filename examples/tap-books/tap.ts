import { bearer, defineStream, defineTap, numberedPages, RestApi } from '@singer-io-ts/sdk';
import { dateTime, integer, number, object, required, string } from '@singer-io-ts/sdk';

const books = defineStream({
  name: 'books',
  schema: object({
    id: required(integer()),
    title: string(),
    price: number({ multipleOf: 0.01 }),
    updated_at: required(dateTime()),
  }),
  primaryKeys: ['id'],
  replicationKey: 'updated_at',
});

export const tap = defineTap({
  name: 'tap-books',
  version: '0.1.0',
  description: 'The books of the example shop.',
  configSchema: object({
    api_url: required(string({ description: 'Address of the shop.' })),
    token: required(string({ description: 'Access token.', secret: true })),
  }),
  streams: (tap) => [
    books.rest(new RestApi(tap, { baseUrl: tap.config.api_url, authenticator: bearer(tap.config.token) }), {
      path: '/books',
      recordsPath: 'data',
      paginator: () => numberedPages({ pageSize: 50, sizeParameter: 'per_page' }),
      query: ({ since }) => ({ updated_since: String(since ?? '') }),
    }),
  ],
});
