import { bearer, defineTap, numberedPages, RestApi, RestStream, type RecordsRequest } from '@singer-io-ts/sdk';
import { dateTime, integer, number, object, required, string } from '@singer-io-ts/sdk';

class Books extends RestStream {
  override readonly name = 'books';
  override readonly path = '/books';
  override readonly recordsPath = 'data';
  override readonly primaryKeys = ['id'];
  override readonly replicationKey = 'updated_at';
  override readonly schema = object({
    id: required(integer()),
    title: string(),
    price: number({ multipleOf: 0.01 }),
    updated_at: required(dateTime()),
  });
  override readonly paginator = () => numberedPages({ pageSize: 50, sizeParameter: 'per_page' });
  override readonly query = ({ since }: RecordsRequest) => ({ updated_since: String(since ?? '') });
}

export const tap = defineTap({
  name: 'tap-books',
  version: '0.1.0',
  description: 'The books of the example shop.',
  configSchema: object({
    api_url: required(string({ description: 'Address of the shop.' })),
    token: required(string({ description: 'Access token.', secret: true })),
  }),
  streams: (tap) => [
    new Books(new RestApi(tap, { baseUrl: tap.config.api_url, authenticator: bearer(tap.config.token) })),
  ],
});
