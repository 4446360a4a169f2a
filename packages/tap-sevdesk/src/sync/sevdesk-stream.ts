import { type JsonSchema, Stream } from '@singer-io-ts/sdk';
import type { ListFilter, PageSource, Row } from '../api/page.js';
import { loadSchema } from '../schema/load-schema.js';
import type { StreamContext } from './stream-context.js';

/** A stream that lists the objects of one endpoint. */
export abstract class SevdeskStream extends Stream {
  readonly name: string;
  readonly schema: JsonSchema;
  override readonly primaryKeys = ['id'];
  /** What makes the endpoint list all objects. */
  protected readonly filter: ListFilter;

  constructor(
    { name, filter = {} }: { name: string; filter?: ListFilter },
    protected readonly context: StreamContext,
  ) {
    super();
    this.name = name;
    this.schema = loadSchema(name);
    this.filter = filter;
  }

  /** The pages of the endpoint. */
  protected abstract source(): PageSource;

  /** A few rows, to see what they look like. */
  async sample(limit: number): Promise<readonly Row[]> {
    const { rows } = await this.source()(this.filter, { limit, offset: 0 });
    return rows;
  }
}
