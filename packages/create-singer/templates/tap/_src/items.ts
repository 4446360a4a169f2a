import { dateTime, defineStream, integer, nullable, numberedPages, object, required, string } from '@singer-io-ts/sdk';
import type { RestApi, Stream } from '@singer-io-ts/sdk';

const items = defineStream({
  name: 'items',
  schema: object({
    id: required(integer()),
    name: nullable(string()),
    updated_at: required(dateTime()),
  }),
  primaryKeys: ['id'],
  replicationKey: 'updated_at',
});

/** `GET /items?page=…&per_page=…&updated_since=…` */
export function itemsOf(api: RestApi, startValue: string | undefined): Stream {
  return items.rest(api, {
    path: '/items',
    recordsPath: 'data',
    startValue,
    paginator: () => numberedPages({ pageSize: 100, sizeParameter: 'per_page' }),
    query: ({ since }) => (since === undefined ? {} : { updated_since: String(since) }),
  });
}
