import type { StreamSync } from '@singer-io-ts/sdk';
import { formatInstant } from '../api/instant.js';
import type { ListFilter, PageSource } from '../api/page.js';
import { compileShape } from '../api/record-shape.js';
import { Versions } from '../state/versions.js';
import { readAndActivate } from './read-and-activate.js';
import { SevdeskStream } from './sevdesk-stream.js';
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
export class FullTableStream extends SevdeskStream {
  constructor(
    private readonly definition: FullTableDefinition,
    context: StreamContext,
  ) {
    super(definition, context);
  }

  protected override source(): PageSource {
    const { endpoint, excluded = [] } = this.definition;
    const shape = compileShape(this.schema, { excluded, requires: { create: false, update: false } });
    return this.context.source(endpoint, shape);
  }

  async sync(sync: StreamSync): Promise<void> {
    const { pageSize, concurrency, clock } = this.context;
    const known = sync.bookmark['content'];
    const done = await readAndActivate({
      sync,
      listing: { source: this.source(), filter: this.filter, pageSize, concurrency, signal: sync.signal },
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
