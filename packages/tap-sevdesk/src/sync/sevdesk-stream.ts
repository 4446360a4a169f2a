import { type JsonSchema, Stream, type StreamSync } from '@singer-io-ts/sdk';
import type { ListFilter, Page, PageSource, Row } from '../api/page.js';
import { compileShape } from '../api/record-shape.js';
import type { StreamDefinition } from './stream-definition.js';
import type { StreamContext } from './stream-context.js';
import { StreamRun } from './stream-run.js';

/** A stream that lists the objects of one endpoint. */
export abstract class SevdeskStream extends Stream {
  readonly name: string;
  readonly schema: JsonSchema;
  override readonly primaryKeys: readonly string[];
  override readonly selectedByDefault: boolean;
  /** What makes the endpoint list all objects. */
  protected readonly filter: ListFilter;
  /** The pages of the endpoint. */
  protected readonly source: PageSource;

  constructor(
    {
      name,
      endpoint,
      filter = {},
      excluded,
      key = 'id',
      dateFilter,
      parent,
      optional = false,
      schema,
    }: StreamDefinition,
    protected readonly context: StreamContext,
  ) {
    super();
    this.name = name;
    this.schema = schema;
    this.filter = filter;
    this.primaryKeys = [key];
    this.selectedByDefault = !optional;
    const shape = compileShape(schema, { excluded, key, parentField: parent?.field, dateField: dateFilter?.field });
    this.source = context.source(endpoint, shape);
  }

  /** Reads the stream; when that ends before its end, the STATE says how far it got. */
  async sync(sync: StreamSync): Promise<void> {
    const run = new StreamRun(this.name, sync, this.context);
    try {
      await this.read(run);
    } finally {
      run.close();
      run.checkpoint();
    }
  }

  /** A few rows, to see what they look like, and how many there are. */
  async sample(limit: number): Promise<{ rows: readonly Row[]; total: number }> {
    const { rows, total } = await this.source(this.filter, { limit, offset: 0 });
    return { rows: rows.slice(0, limit), total };
  }

  protected abstract read(run: StreamRun): Promise<void>;

  /** Makes sure that the server's time is known: what is due is told by it. */
  protected async knowTime(): Promise<void> {
    if (this.context.clock.lastAnswer === undefined) await this.source(this.filter, { limit: 1, offset: 0 });
  }

  /** How many objects the service counts. */
  protected async total(filter: ListFilter = this.filter): Promise<Page['total']> {
    return (await this.source(filter, { limit: 1, offset: 0 })).total;
  }
}
