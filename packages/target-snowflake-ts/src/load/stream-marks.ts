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

  /** What a STATE says of a stream that the tap has not come to yet is of an earlier run, until another run's mark replaces it. */
  see(state: unknown): void {
    const bookmarks = isJsonObject(state) ? state['bookmarks'] : undefined;
    if (!isJsonObject(bookmarks)) return;
    for (const [stream, bookmark] of Object.entries(bookmarks)) {
      const last = syncMarkOf(bookmark);
      if (!last) continue;
      const first = this.#marks.get(stream)?.first;
      this.#marks.set(stream, { first: first?.run === last.run ? first : last, last });
    }
  }

  of(stream: string): StreamMark | undefined {
    return this.#marks.get(stream);
  }
}
