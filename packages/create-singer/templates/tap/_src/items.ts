import { dateTime, integer, nullable, numberedPages, object, required, RestStream, string } from '@singer-io-ts/sdk';
import type { Paginator, Query, RecordsRequest, RestApi } from '@singer-io-ts/sdk';

/** `GET /items?page=…&per_page=…&updated_since=…` */
export class Items extends RestStream {
  override readonly name = 'items';
  override readonly path = '/items';
  override readonly recordsPath = 'data';
  override readonly primaryKeys = ['id'];
  override readonly replicationKey = 'updated_at';
  override readonly schema = object({
    id: required(integer()),
    name: nullable(string()),
    updated_at: required(dateTime()),
  });

  constructor(
    api: RestApi,
    override readonly startValue: string | undefined,
  ) {
    super(api);
  }

  override paginator(): Paginator {
    return numberedPages({ pageSize: 100, sizeParameter: 'per_page' });
  }

  override query({ since }: RecordsRequest): Query {
    return since === undefined ? {} : { updated_since: String(since) };
  }
}
