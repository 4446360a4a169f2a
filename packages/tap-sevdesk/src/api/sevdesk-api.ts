import { AccessDeniedError, AuthenticationError, type JsonValue } from '@singer-io-ts/sdk';
import { type HttpClient, type HttpResponse, parseJsonBody } from '@singer-io-ts/sdk/http';
import type { FixtureRecorder } from '../record/fixture-recorder.js';
import { adaptToSize, isTooMuch, SMALLEST_PAGE } from './adapt-to-size.js';
import { BufferPool } from './buffer-pool.js';
import { decodePage, unexpected } from './decode-page.js';
import { FieldTable } from './field-table.js';
import { hasId, type Page, type PageSource, type Row } from './page.js';
import type { RecordShape } from './record-shape.js';
import { scanPage } from './scan-page.js';
import type { ServerClock } from './server-clock.js';
import { errorStatusOf, serviceErrorOf } from './service-error.js';

/** Reads lists of sevDesk's API. */
export class SevdeskApi {
  constructor(
    private readonly http: () => Promise<HttpClient>,
    private readonly clock: ServerClock,
    private readonly recorder?: FixtureRecorder,
  ) {}

  /** Pages of an endpoint, each checked, and smaller ones where large ones fail; see {@link decodePage} for what is refused. */
  source(endpoint: string, shape: RecordShape): PageSource {
    const fields = new FieldTable(shape);
    const pool = new BufferPool();
    let isCounted = true;
    return adaptToSize(async (filter, { limit, offset }) => {
      const http = await this.http();
      const query = { ...filter, limit, offset, countAll: true };
      const isLasting = sameTwice();
      const isLastinglyUncounted = sameTwice();
      const read = (response: HttpResponse): Page => {
        const serverTime = timeOf(response, endpoint);
        const body = withoutByteOrderMark(response.body);
        this.recorder?.add(endpoint, body);
        const { total, ...page } = scanPage(body, fields, pool) ?? parsePage(body, endpoint, { shape, isLasting });
        if (total === undefined && isCounted) {
          if (!isLastinglyUncounted('no total'))
            throw unexpected(endpoint, 'has no "total", though countAll asked for it');
          isCounted = false;
        }
        this.clock.note(serverTime);
        return { ...page, total: total ?? atLeast(page.rows.length, { limit, offset }), limit, serverTime };
      };
      return http.get(endpoint, query, read, { giveUp: (error) => limit > SMALLEST_PAGE && isTooMuch(error) });
    });
  }
}

/** How many objects there are where nobody counts them: a page that is not full is the last, behind a full one comes another object. */
const atLeast = (rows: number, { limit, offset }: { limit: number; offset: number }): number =>
  offset + rows + (rows >= limit ? 1 : 0);

/** Tells whether the same came the last time. What an answer has once may be a fault of that answer, which asking again heals. */
function sameTwice(): (what: string) => boolean {
  let last: string | undefined;
  return (what) => {
    const isSame = what === last;
    last = what;
    return isSame;
  };
}

function withoutByteOrderMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

/** @param isLasting whether entries without an id were in the answer before, too */
function parsePage(
  bytes: Buffer,
  path: string,
  { shape, isLasting }: { shape: RecordShape; isLasting: (what: string) => boolean },
): { total: number | undefined; rows: Row[] } {
  const body = parseJsonBody(bytes, path, { verbatim: true });
  throwIfRefused(body, path);
  const page = decodePage(body, path, shape);
  const nameless = page.rows.filter((row) => !hasId(row)).map(({ id }) => id);
  if (nameless.length > 0 && !isLasting(nameless.join()))
    throw unexpected(path, `has entries without "${shape.key}" in "objects"`);
  return page;
}

function timeOf({ serverDateMs }: HttpResponse, path: string): number {
  if (serverDateMs !== undefined) return Math.floor(serverDateMs / 1000);
  throw unexpected(path, 'has no Date header, by which windows are cut; check for a proxy that takes it off');
}

/** A refusal can come with status 200 as well, told only in the body. */
function throwIfRefused(body: JsonValue, path: string): void {
  const status = errorStatusOf(body);
  if (status !== 401 && status !== 403) return;
  const message = `GET ${path} was refused (error ${status} in the answer, ${serviceErrorOf(body) ?? ''}): `;
  if (status === 401) throw new AuthenticationError({ message: `${message}${SIGN_IN_ADVICE}` });
  throw new AccessDeniedError({ message: `${message}${ACCESS_ADVICE}` });
}

/** What to do about a refused key. */
export const SIGN_IN_ADVICE =
  'check setting "api_key" (environment variable TAP_SEVDESK_API_KEY); nothing more was sent, since a key that keeps failing may be locked';

/** What to do about an endpoint that the key may not read. */
export const ACCESS_ADVICE =
  "give the API key's user the right to see these objects in sevDesk, or deselect the stream";
