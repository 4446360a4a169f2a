import { type JsonSchema, Stream, type StreamSync } from '@singer-io-ts/sdk';
import { formatInstant } from '../api/instant.js';
import type { ListFilter } from '../api/page.js';
import { compileShape } from '../api/record-shape.js';
import { loadSchema } from '../schema/load-schema.js';
import { Versions } from '../state/versions.js';
import { readAndActivate } from './read-and-activate.js';
import type { StreamContext } from './stream-context.js';

export interface FullTableDefinition {
  name: string;
  endpoint: string;
  /** What makes the endpoint list all of them. @default nothing */
  filter?: ListFilter;
  /** Fields that are never extracted. @default none */
  excluded?: readonly string[];
}

/**
 * A stream whose endpoint has no filter for changes: each run lists all objects. Where the list is what it was, nothing is
 * written; otherwise all of it under a new version, which is activated once two passes have seen the same objects.
 */
export class FullTableStream extends Stream {
  readonly name: string;
  readonly schema: JsonSchema;
  override readonly primaryKeys = ['id'];
  readonly #definition: FullTableDefinition;

  constructor(
    definition: FullTableDefinition,
    private readonly context: StreamContext,
  ) {
    super();
    this.#definition = definition;
    this.name = definition.name;
    this.schema = loadSchema(definition.name);
  }

  async sync(sync: StreamSync): Promise<void> {
    const { endpoint, filter = {}, excluded = [] } = this.#definition;
    const { pageSize, concurrency, clock } = this.context;
    const shape = compileShape(this.schema, { excluded, requires: { create: false, update: false } });
    const known = sync.bookmark['content'];
    const done = await readAndActivate({
      sync,
      listing: { source: this.context.source(endpoint, shape), filter, pageSize, concurrency, signal: sync.signal },
      versions: new Versions(sync.bookmark, clock),
      clock,
      known: typeof known === 'string' ? known : undefined,
    });
    sync.updateBookmark({
      window_end: formatInstant(done.begunAt),
      content: done.content,
      ...(done.version === undefined ? {} : { version: done.version }),
    });
  }
}
