import { UnexpectedResponseError } from '@singer-io-ts/sdk';
import { formatInstant, type Instant, parseInstant } from '../api/instant.js';
import type { ListFilter, Page, PageSource } from '../api/page.js';
import { ContentBuckets } from './content-buckets.js';
import { ListPass, MOST_UNLISTED, PassLost, type PassPosition } from './list-pass.js';
import { ListTally } from './list-tally.js';
import type { StreamRun } from './stream-run.js';

/** How often a list whose order keeps changing is read before giving up. */
const MAX_READINGS = 4;
/** Pages after which it is noted how far a reading has got. */
const PAGES_PER_CHECKPOINT = 20;

export interface SentList {
  /** The server's time when the reading began. */
  begunAt: Instant;
  tally: ListTally;
  /** How many objects there were. */
  count: number;
  /** How many more the service counts than it lists. */
  unlisted: number;
}

/**
 * Writes all objects of a list under a new version, and activates it if the reading proves itself: the order of the list
 * did not change, and it lists as many objects as it counts. An interrupted reading resumes where it stopped.
 *
 * @throws UnexpectedResponseError when objects are missing in the list
 */
export async function sendList(
  run: StreamRun,
  source: PageSource,
  filter: ListFilter,
  given: { first?: Page; version?: number } = {},
): Promise<SentList> {
  const { pageSize, concurrency, lagSeconds, lookbackSeconds } = run.context;
  const { broken } = run;
  const version = run.nextVersion(given.version ?? broken?.['version']);
  let resume = positionOf(broken);
  let begunAt = resume ? parseInstant(broken?.['begun_at']) : undefined;
  let { first } = given;
  let before: string | undefined;
  let ids = resume && typeof broken?.['ids'] === 'string' ? broken['ids'] : undefined;
  for (let reading = 1; ; reading += 1) {
    const { signal } = run.sync;
    const pass = new ListPass({ source, filter, pageSize, ahead: concurrency, signal, resume, first });
    first = undefined;
    let tally: ListTally | undefined;
    let pages = 0;
    try {
      for await (const page of pass.pages()) {
        begunAt ??= page.serverTime;
        const until = begunAt - lagSeconds;
        tally ??= new ListTally(until, until - lookbackSeconds, {
          content: ContentBuckets.forObjects(page.total),
          ids,
        });
        for (const row of page.rows) tally.add(row);
        await run.write(page.rows, version);
        page.release();
        noteProgress(run, { version, begunAt, pass, ids: tally.ids.toString() });
        if ((pages += 1) % PAGES_PER_CHECKPOINT === 0) run.checkpoint();
      }
    } catch (error) {
      if (!PassLost.isInstance(error) || reading === MAX_READINGS) throw error;
      [resume, ids] = [undefined, undefined];
      continue;
    }
    const seen = tally?.ids.toString() ?? '';
    warnOfDuplicates(run, pass);
    throwIfShort(pass);
    const wasResumed = resume !== undefined;
    [resume, ids] = [undefined, undefined];
    if (!pass.ordered && seen !== before && reading < MAX_READINGS) {
      before = seen;
      continue;
    }
    const isProven = (pass.ordered || seen === before) && isUnlistedKnown(run, pass.unlisted);
    if (!isProven) run.warn(unprovenMessage(pass));
    run.finishWhole(version, { activate: isProven });
    const empty = new ListTally(0, 0, { content: ContentBuckets.forObjects(0) });
    const { count } = (tally ?? empty).ids;
    run.save({
      pass: undefined,
      full_sync_at: formatInstant(begunAt ?? run.context.clock.now),
      unlisted: pass.unlisted || undefined,
    });
    return {
      begunAt: begunAt ?? run.context.clock.now,
      tally: tally ?? empty,
      count: wasResumed ? count : pass.count,
      unlisted: pass.unlisted,
    };
  }
}

function noteProgress(
  run: StreamRun,
  { version, begunAt, pass, ids }: { version: number; begunAt: Instant; pass: ListPass; ids: string },
): void {
  const { offset, last } = pass.position;
  run.save({ pass: { version, begun_at: formatInstant(begunAt), offset, last: [...last], ids } });
}

function positionOf(broken: StreamRun['broken']): PassPosition | undefined {
  const { offset, last } = broken ?? {};
  if (typeof offset !== 'number' || !Array.isArray(last) || last.length === 0) return undefined;
  return { offset, last: last.filter((id) => typeof id === 'string') };
}

/** A count that is off by a few is believed to be off by a constant once it was so before. */
function isUnlistedKnown({ bookmark }: StreamRun, unlisted: number): boolean {
  return unlisted === 0 || bookmark['unlisted'] === unlisted;
}

function unprovenMessage({ ordered, unlisted }: ListPass): string {
  return ordered
    ? `the service counts ${unlisted} more objects than it lists; nothing is treated as deleted until it does so again`
    : 'the order of the list keeps changing; nothing is treated as deleted';
}

/** @throws UnexpectedResponseError when the list ended long before its end */
export function throwIfShort({ unlisted, count }: ListPass): void {
  if (unlisted <= MOST_UNLISTED) return;
  throw new UnexpectedResponseError({
    message: `the service counts ${count + unlisted} objects but lists ${count} of them; nothing was marked as read, try again later`,
  });
}

export function warnOfDuplicates(run: StreamRun, { duplicates }: ListPass): void {
  if (duplicates.length > 0)
    run.warn(`the list has objects more than once (${duplicates.join(', ')}); each is written once`);
}
