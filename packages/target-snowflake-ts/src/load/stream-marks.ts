import { isJsonObject, syncMarkOf, type SyncMark } from '@singer-io-ts/sdk';

/** What the states of a run have said of a stream. */
export interface StreamMark {
  /** The run's mark before anything of it was loaded. */
  first: SyncMark;
  last: SyncMark;
}

/** The marks by which a tap says which run wrote a bookmark, gathered from every STATE as it is read. */
export class StreamMarks {
  readonly #marks = new Map<string, StreamMark>();

  /** @param streams those whose SCHEMA has come: what a STATE says of others is of an earlier run */
  see(state: unknown, streams: Iterable<string>): void {
    const bookmarks = isJsonObject(state) ? state['bookmarks'] : undefined;
    if (!isJsonObject(bookmarks)) return;
    for (const stream of streams) {
      const last = syncMarkOf(bookmarks[stream]);
      if (!last) continue;
      const first = this.#marks.get(stream)?.first;
      this.#marks.set(stream, { first: first?.run === last.run ? first : last, last });
    }
  }

  of(stream: string): StreamMark | undefined {
    return this.#marks.get(stream);
  }
}
