import { formatInstant, type Instant, parseInstant } from '../api/instant.js';
import type { ListFilter, Page, Row } from '../api/page.js';
import { overlapFromState, overlapToState } from '../state/bookmark.js';
import type { DateFilter, StreamDefinition } from './stream-definition.js';
import { ContentBuckets } from './content-buckets.js';
import { ListPass, PassLost } from './list-pass.js';
import { ListTally } from './list-tally.js';
import { sendList, throwIfShort, warnOfDuplicates } from './send-list.js';
import { SetDigest } from './set-digest.js';
import { SevdeskStream } from './sevdesk-stream.js';
import type { StreamContext } from './stream-context.js';
import { instantOf, type StreamRun } from './stream-run.js';

/** Pages from which on a list is long: it is not read whole in every run. */
const LONG_LIST_PAGES = 4;
/** The same for objects without a date of change, of which an edit shows only where they are read. */
const LONG_UNDATED_LIST_PAGES = 20;
/** Newest objects that are read of a long list, in pages. */
const NEWEST_PAGES = 1.5;
/** Objects without a date of change are held until the end of the list, up to so many bytes. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
const DAY = 86_400;

/**
 * A stream whose endpoint has no filter for changes. What is new or changed is told by the objects' `update`, or by their
 * content where they have none; that something is gone, by a digest of all ids. Then all objects are written under a new
 * version, and at least every `full_sync_every_hours`. Of a long list only the newest objects and the total are looked at
 * in most runs, and all of it every `list_every_hours`.
 */
export class ListStream extends SevdeskStream {
  readonly #dateFilter: DateFilter | undefined;
  readonly #hasUpdate: boolean;

  constructor(definition: StreamDefinition, context: StreamContext) {
    super(definition, context);
    this.#dateFilter = definition.dateFilter;
    this.#hasUpdate = definition.schema.properties?.['update'] !== undefined;
  }

  protected async read(run: StreamRun): Promise<void> {
    await this.knowTime();
    if (run.mustReadAll !== undefined && !run.isFirst) run.warn(`reading all objects: ${run.mustReadAll}`);
    if (run.broken || run.isWholeDue) return this.#sendAll(run);
    const known = new KnownList(run.bookmark);
    if (this.#isLong(known) && !this.#isListDue(run, known) && (await this.#readNewest(run, known))) return;
    if (await this.#readChanges(run, known)) return;
    run.sync.logger.info(`${this.name}: reading all objects, because some may be gone`);
    await this.#sendAll(run);
  }

  async #sendAll(run: StreamRun): Promise<void> {
    const { tally } = await sendList(run, this.source, this.filter);
    this.#remember(run, tally);
  }

  /**
   * Reads the whole list and writes what is new or changed.
   *
   * @returns false when something is gone, so that all objects have to be written
   */
  async #readChanges(run: StreamRun, known: KnownList): Promise<boolean> {
    const { pageSize, concurrency, lagSeconds, lookbackSeconds } = this.context;
    const pass = new ListPass({
      source: this.source,
      filter: this.filter,
      pageSize,
      ahead: concurrency,
      signal: run.sync.signal,
    });
    const old = new SetDigest();
    const held = new HeldRows();
    let tally: ListTally | undefined;
    try {
      for await (const page of pass.pages()) {
        if (page.total - known.unlisted < known.count) return false;
        const until = page.serverTime - lagSeconds;
        tally ??= new ListTally(until, until - lookbackSeconds, {
          content: known.content?.emptied() ?? ContentBuckets.forObjects(page.total),
        });
        const changed: Row[] = [];
        for (const row of page.rows) {
          tally.add(row);
          if (known.covers(row)) old.add(row.id);
          if (row.updated === undefined) held.add(row);
          else if (known.isChanged(row, lookbackSeconds)) changed.push(row);
        }
        await run.write(changed);
        page.release();
        if (held.bytes > MAX_HELD_BYTES) return false;
      }
    } catch (error) {
      if (error instanceof PassLost) return false;
      throw error;
    }
    throwIfShort(pass);
    warnOfDuplicates(run, pass);
    const complete = tally ?? new ListTally(this.context.clock.now, 0, { content: ContentBuckets.forObjects(0) });
    const changed = held.rows.filter(({ id }) => known.content?.differs(id, complete.content) ?? true);
    // Of objects without any date only the digest tells which of them are new.
    const undated = changed.filter(({ created }) => created === undefined).map(({ id }) => id);
    if (!old.isWith(new SetDigest(known.ids), undated)) return false;
    await run.write(changed);
    this.#remember(run, complete);
    return true;
  }

  /**
   * Looks at the newest objects of a long list and at how many there are altogether.
   *
   * @returns false when that does not add up, so that the whole list has to be read
   */
  async #readNewest(run: StreamRun, known: KnownList): Promise<boolean> {
    const newest = (await this.#newestByDate(run, known)) ?? (await this.#newestByPlace());
    const made = newest.rows.filter((row) => !known.covers(row));
    if (newest.total - known.unlisted !== known.count + made.length) return false;
    const { lagSeconds, lookbackSeconds } = this.context;
    const changed = newest.rows.filter((row) => known.isChanged(row, lookbackSeconds));
    await run.write(changed);
    const until = newest.serverTime - lagSeconds;
    const ids = new SetDigest(known.ids);
    for (const row of made) if (row.created === undefined || row.created <= until) ids.add(row.id);
    const recent = new Map(known.recent);
    for (const row of changed) recent.set(row.id, stampOf(row) ?? 0);
    const overlap = overlapToState(recent);
    run.save({
      window_end: formatInstant(newest.serverTime),
      listed_at: formatInstant(until),
      ids: ids.toString(),
      overlap,
      // What cannot be remembered would be written again in every run.
      ...(overlap === undefined && recent.size > 0 ? { read_at: undefined } : {}),
    });
    return true;
  }

  /** The newest objects by the date that the endpoint filters by; undefined where it does not. */
  async #newestByDate(run: StreamRun, known: KnownList): Promise<Newest | undefined> {
    const date = this.#dateFilter;
    if (!date || known.newestFrom === undefined) return undefined;
    const total = await this.total();
    const startDate = date.form === 'seconds' ? known.newestFrom : formatInstant(known.newestFrom);
    const { pageSize, concurrency, clock } = this.context;
    const filter: ListFilter = { ...this.filter, startDate };
    const pass = new ListPass({ source: this.source, filter, pageSize, ahead: concurrency, signal: run.sync.signal });
    const rows: Row[] = [];
    for await (const page of pass.pages()) {
      // An endpoint that ignores the filter answers with objects of any date.
      const isIgnored = page.rows.some(({ dated }) => dated !== undefined && dated < (known.newestFrom ?? 0) - DAY);
      if (isIgnored || rows.length > 10 * pageSize) return undefined;
      rows.push(...page.rows);
    }
    return { rows, total, serverTime: clock.now };
  }

  /** Both ends of the list: where new objects stand is not documented. */
  async #newestByPlace(): Promise<Newest> {
    const limit = Math.max(2, this.context.pageSize);
    const first = await this.source(this.filter, { limit, offset: 0 });
    const last = await this.source(this.filter, { limit, offset: Math.max(0, first.total - limit) });
    const rows = new Map([...first.rows, ...last.rows].map((row) => [row.id, row]));
    return { rows: [...rows.values()], total: last.total, serverTime: first.serverTime };
  }

  #isLong({ count }: KnownList): boolean {
    return count > (this.#hasUpdate ? LONG_LIST_PAGES : LONG_UNDATED_LIST_PAGES) * this.context.pageSize;
  }

  #isListDue(run: StreamRun, { readAt }: KnownList): boolean {
    const hours = this.context.listEveryHours(this.name);
    return readAt === undefined || this.context.clock.now - readAt >= hours * 3600 || run.mustReadAll !== undefined;
  }

  #remember(run: StreamRun, tally: ListTally): void {
    const newestFrom = this.#dateFilter && tally.dayOfLast(NEWEST_PAGES * this.context.pageSize);
    run.save({
      window_end: formatInstant(tally.until + this.context.lagSeconds),
      listed_at: formatInstant(tally.until),
      read_at: formatInstant(tally.until),
      ids: tally.ids.toString(),
      content: tally.contentText,
      overlap: overlapToState(tally.recent),
      newest_from: newestFrom === undefined ? undefined : formatInstant(newestFrom),
    });
  }
}

interface Newest extends Pick<Page, 'total' | 'serverTime'> {
  rows: Row[];
}

/** The list as the bookmark remembers it. */
class KnownList {
  readonly ids: string;
  readonly count: number;
  readonly unlisted: number;
  readonly content: ContentBuckets | undefined;
  readonly recent: ReadonlyMap<string, Instant>;
  /** When the whole list was last read. */
  readonly readAt: Instant | undefined;
  readonly newestFrom: Instant | undefined;
  readonly #listedAt: Instant;

  constructor(bookmark: StreamRun['bookmark']) {
    const digest = new SetDigest(typeof bookmark['ids'] === 'string' ? bookmark['ids'] : undefined);
    this.ids = digest.toString();
    this.count = digest.count;
    this.unlisted = typeof bookmark['unlisted'] === 'number' ? bookmark['unlisted'] : 0;
    this.content = ContentBuckets.parse(bookmark['content']);
    this.recent = overlapFromState(bookmark['overlap']);
    this.readAt = instantOf(bookmark, 'read_at');
    this.newestFrom = parseInstant(bookmark['newest_from']);
    this.#listedAt = instantOf(bookmark, 'listed_at') ?? 0;
  }

  /** Whether an object was made before the list was last looked at, so that its id is among {@link ids}. */
  covers({ created }: Row): boolean {
    return created === undefined || created <= this.#listedAt;
  }

  /** Whether an object is new or was changed since the whole list was last read, and was not written since. */
  isChanged(row: Row, lookbackSeconds: number): boolean {
    const stamp = stampOf(row);
    if (stamp === undefined) return false;
    const isLate = stamp >= (this.readAt ?? 0) - lookbackSeconds || !this.covers(row);
    return isLate && this.recent.get(row.id) !== stamp;
  }
}

/** What tells a changed object from an unchanged one, where it has such a date. */
function stampOf({ updated, created }: Row): Instant | undefined {
  return updated ?? created;
}

/** Rows that are kept until the end of a list. */
class HeldRows {
  readonly rows: Row[] = [];
  bytes = 0;

  add(row: Row): void {
    const buffer = Buffer.from(row.buffer.subarray(row.start, row.end));
    this.bytes += buffer.length;
    this.rows.push({ ...row, buffer, start: 0, end: buffer.length });
  }
}
