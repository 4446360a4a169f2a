import { createHash } from 'node:crypto';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  RecordError,
  type StreamSync,
  type SyncMark,
  syncMarkOf,
  syncMarkToState,
  UsageError,
} from '@singer-io-ts/sdk';
import { formatInstant, type Instant, parseInstant } from '../api/instant.js';
import { hasId, type Row } from '../api/page.js';
import { BOOKMARK_FORMAT, type BookmarkChanges } from '../state/bookmark.js';
import type { StreamContext } from './stream-context.js';

/** Records written before the output is asked whether it can take more. */
const RECORDS_PER_PAUSE = 250;
/** Odd objects that are named one by one; the others are counted. */
const NAMED_OBJECTS = 10;
/** A bookmark may be ahead of the server's clock by this many seconds: two clocks behind one address differ. */
const CLOCK_TOLERANCE = 300;

/**
 * One run of one stream: what the last run left, the mark by which a target tells whether table and bookmark belong
 * together, the table version of records, and what was odd.
 */
export class StreamRun {
  /** What the last run left; empty where that was nothing, or nothing that this tap can continue from. */
  readonly bookmark: Readonly<JsonObject>;
  #mustReadAll: string | undefined;
  readonly #fingerprint: string;
  readonly #mark: SyncMark;
  readonly #odd = new Map<string, number>();
  /** What another tap, or an earlier form, left in the bookmark. */
  readonly #foreign: string[];
  #lastVersion: number;
  #version: number | undefined;
  #wholeDone = false;
  /** Entries of lists that have no id, so that they could not be written. */
  #nameless = 0;

  /** Writes the STATE with the mark; comes before any record. */
  constructor(
    readonly stream: string,
    readonly sync: StreamSync,
    readonly context: StreamContext,
  ) {
    const found = sync.bookmark;
    this.#fingerprint = fingerprintOf(stream, sync, context);
    this.bookmark = this.#readable(found);
    this.#foreign = Object.keys(found).filter((name) => !Object.hasOwn(this.bookmark, name));
    const version = this.bookmark['version'];
    this.#version = typeof version === 'number' ? version : undefined;
    const last = syncMarkOf(this.bookmark);
    // Whatever another tap or an earlier version left, the versions of the table must rise.
    const floor = Math.max(numberOf(found['version']), syncMarkOf(found)?.run ?? 0);
    const now = Math.max(sync.now().getTime(), (context.clock.lastAnswer ?? 0) * 1000);
    this.#mark = { run: Math.max(now, floor + 1), from: last?.run ?? null, complete: false, sent: last?.sent ?? false };
    this.#lastVersion = floor;
    if (this.bookmark['fingerprint'] !== undefined && this.bookmark['fingerprint'] !== this.#fingerprint)
      this.#mustReadAll = 'its fields, its schema or its stream map are not what they were in the last run';
    sync.updateBookmark(syncMarkToState(this.#mark));
    sync.checkpoint();
  }

  /** Why all objects have to be read, whatever the bookmark says; undefined where they need not. */
  get mustReadAll(): string | undefined {
    return this.#mustReadAll ?? this.#clockFault();
  }

  /** Asks for all objects to be read. */
  requireAll(reason: string): void {
    this.#mustReadAll ??= reason;
  }

  /** Whether nothing was ever written that the next run can continue from. */
  get isFirst(): boolean {
    return parseInstant(this.bookmark['full_sync_at']) === undefined;
  }

  /** Whether all objects are to be read again, because of the time or for another reason. */
  get isWholeDue(): boolean {
    const at = parseInstant(this.bookmark['full_sync_at']);
    if (at === undefined || this.mustReadAll !== undefined) return true;
    return this.context.clock.now - at >= this.context.fullSyncEveryHours * 3600;
  }

  /** The version that records carry: the one that all objects were last written under. */
  get version(): number {
    return (this.#version ??= this.nextVersion());
  }

  /** Takes up a version that a broken run began, or begins one that is greater than any before. */
  nextVersion(begun?: JsonValue): number {
    const version = typeof begun === 'number' ? begun : Math.max(this.#mark.run, this.#lastVersion + 1);
    this.#lastVersion = Math.max(this.#lastVersion, version);
    return version;
  }

  /** Writes rows as records, no faster than the output takes them. */
  async write(rows: readonly Row[], version = this.version): Promise<void> {
    const options = { version, timeExtracted: formatInstant(this.context.clock.now) };
    for (let first = 0; first < rows.length; first += RECORDS_PER_PAUSE) {
      for (const row of rows.slice(first, first + RECORDS_PER_PAUSE)) {
        if (row.odd !== undefined && !this.#take(row)) continue;
        this.sync.recordBytes(row, options);
        this.#mark.sent = true;
      }
      await this.sync.ready();
    }
  }

  /** A reading of all objects that an earlier run began and could not finish, asked for in the same way. */
  get broken(): Readonly<JsonObject> | undefined {
    const pass = this.bookmark['pass'];
    const isSame = this.bookmark['fingerprint'] === this.#fingerprint && this.#clockFault() === undefined;
    return isSame && isJsonObject(pass) ? pass : undefined;
  }

  /** Changes the bookmark; nothing is written until {@link checkpoint}. */
  save(changes: BookmarkChanges): void {
    this.sync.updateBookmark({
      ...Object.fromEntries(this.#foreign.splice(0).map((name) => [name, undefined])),
      ...changes,
      ...(this.mustReadAll !== undefined && !this.#wholeDone ? { full_sync_at: undefined } : {}),
      version: this.#version,
      format: BOOKMARK_FORMAT,
      fingerprint: this.#fingerprint,
      ...syncMarkToState(this.#mark),
    });
  }

  /** All objects have been written under this version. While one of them has no id, none counts as deleted: it may be that one. */
  finishWhole(version: number, { activate }: { activate: boolean }): void {
    const isProven = activate && this.#nameless === 0;
    if (isProven) this.sync.activateVersion(version);
    this.#version = version;
    this.#mark.complete = isProven;
    this.#wholeDone = true;
  }

  checkpoint(): void {
    this.sync.checkpoint();
  }

  warn(what: string): void {
    this.sync.logger.warning(`${this.stream}: ${what}`);
  }

  /** Names what was odd, once for all objects beyond the first few. */
  close(): void {
    if (this.#nameless === 1) this.warn('1 entry of the list has no id and was skipped');
    else if (this.#nameless > 1) this.warn(`${this.#nameless} entries of the list have no id and were skipped`);
    for (const [what, count] of this.#odd) {
      if (count > NAMED_OBJECTS) this.warn(`${count} objects in all have ${what}`);
    }
  }

  #readable(found: Readonly<JsonObject>): Readonly<JsonObject> {
    const { format } = found;
    if (typeof format === 'number' && format > BOOKMARK_FORMAT) {
      throw new UsageError({
        message: `the state of stream "${this.stream}" was written by a newer version of this tap (format ${format}); update the tap, or remove the stream's bookmark to read everything again`,
      });
    }
    if (format === BOOKMARK_FORMAT && isConsistent(found)) return found;
    // A run that broke off before its first object leaves a mark and nothing else.
    if (Object.keys(found).some((name) => name !== 'sync'))
      this.warn('its bookmark in the state was not written by this version of the tap; everything is read again');
    return {};
  }

  #clockFault(): string | undefined {
    const { clock, lookbackSeconds } = this.context;
    if (clock.doubt !== undefined) return `the server's time cannot be relied on: ${clock.doubt}`;
    const now = clock.lastAnswer;
    if (now === undefined) return undefined;
    const dates = [this.bookmark['replication_key_value'], this.bookmark['full_sync_at'], this.bookmark['listed_at']];
    const ahead = dates.some((date) => (parseInstant(date) ?? 0) > now + Math.max(CLOCK_TOLERANCE, lookbackSeconds));
    return ahead ? "its bookmark is ahead of the server's clock" : undefined;
  }

  /** Notes an odd object; answers whether it is to be written. */
  #take(row: Row): boolean {
    if (!hasId(row)) {
      this.#nameless += 1;
      return false;
    }
    const { id, odd = [] } = row;
    const { onUnreadableUpdate } = this.context;
    const dates = odd.filter(({ kind }) => kind === 'date').map(({ field }) => `"${field}"`);
    const values = odd.filter(({ kind }) => kind === 'value').map(({ field }) => `"${field}"`);
    if (values.length > 0) {
      this.#note(
        `a value in ${values.join(' and ')} that does not fit the schema`,
        id,
        'additional_fields has it as it came',
      );
    }
    if (odd.some(({ kind }) => kind === 'text')) this.#note('half of a character in a text', id, 'U+FFFD replaces it');
    if (dates.length === 0) return true;
    const what = `no readable ${dates.join(' and ')}`;
    if (onUnreadableUpdate === 'fail') {
      throw new RecordError({
        message: `stream "${this.stream}": object ${id} has ${what}; set on_unreadable_update to include or skip such objects`,
        stream: this.stream,
        line: 0,
      });
    }
    const isSkipped = onUnreadableUpdate === 'skip';
    this.#note(what, id, isSkipped ? 'it was left out (on_unreadable_update: skip)' : 'it was included');
    return !isSkipped;
  }

  #note(what: string, id: string, outcome: string): void {
    const count = (this.#odd.get(what) ?? 0) + 1;
    this.#odd.set(what, count);
    if (count <= NAMED_OBJECTS) this.warn(`object ${id} has ${what}; ${outcome}`);
  }
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}

/** Whether the dates in a bookmark are ones; a bookmark that was changed by hand may have others. */
function isConsistent(found: Readonly<JsonObject>): boolean {
  return ['replication_key_value', 'full_sync_at', 'listed_at', 'window_end'].every(
    (name) => found[name] === undefined || parseInstant(found[name]) !== undefined,
  );
}

/**
 * What is asked of a stream, in a few characters: the schemas that are written, hence the selected fields, and the stream
 * maps. Descriptions do not count.
 */
function fingerprintOf(stream: string, sync: StreamSync, { mapping }: StreamContext): string {
  const withoutText = (name: string, value: unknown): unknown =>
    (name === 'description' || name === 'title') && typeof value === 'string' ? undefined : value;
  const asked = JSON.stringify([sync.schemas, mapping(stream)], withoutText);
  return createHash('sha256').update(asked).digest('base64url').slice(0, 16);
}

/** A date of a bookmark. */
export function instantOf(bookmark: Readonly<JsonObject>, name: string): Instant | undefined {
  return parseInstant(bookmark[name]);
}
