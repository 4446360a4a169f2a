import { AuthenticationError, isJsonObject, type JsonValue, UnexpectedResponseError } from '@singer-io-ts/sdk';
import { type HttpClient, type HttpResponse, parseJsonBody } from '@singer-io-ts/sdk/http';
import type { FixtureRecorder } from '../record/fixture-recorder.js';
import { BufferPool } from './buffer-pool.js';
import { decodePage } from './decode-page.js';
import { FieldTable } from './field-table.js';
import type { Page, PageSource } from './page.js';
import type { RecordShape } from './record-shape.js';
import { scanPage } from './scan-page.js';
import type { ServerClock } from './server-clock.js';

/** Reads lists of sevDesk's API. */
export class SevdeskApi {
  constructor(
    private readonly http: () => Promise<HttpClient>,
    private readonly clock: ServerClock,
    private readonly recorder?: FixtureRecorder,
  ) {}

  /** Pages of an endpoint, each checked; see {@link decodePage} for what is refused. */
  source(endpoint: string, shape: RecordShape): PageSource {
    const fields = new FieldTable(shape);
    const pool = new BufferPool();
    return async (filter, { limit, offset }) => {
      const http = await this.http();
      const query = { ...filter, limit, offset, countAll: true };
      return http.get(endpoint, query, (response) => {
        const serverTime = timeOf(response, endpoint);
        this.recorder?.add(endpoint, parseJsonBody(response.body, endpoint));
        const page = scanPage(response.body, fields, pool) ?? parsePage(response.body, endpoint, shape);
        this.clock.note(serverTime);
        return { ...page, serverTime };
      });
    };
  }
}

function parsePage(bytes: Buffer, path: string, shape: RecordShape): Omit<Page, 'serverTime'> {
  const body = parseJsonBody(bytes, path);
  throwIfRefused(body, path);
  return decodePage(body, path, shape);
}

function timeOf({ serverDateMs }: HttpResponse, path: string): number {
  if (serverDateMs !== undefined) return Math.floor(serverDateMs / 1000);
  throw new UnexpectedResponseError({
    message: `the answer to GET ${path} has no Date header, by which windows are cut; check for a proxy that takes it off`,
  });
}

/** A refused sign-in can come with status 200 as well, told only in the body. */
function throwIfRefused(body: JsonValue, path: string): void {
  if (!isJsonObject(body) || !isJsonObject(body['error'])) return;
  const { responseCode } = body['error'];
  if (responseCode === 401 || responseCode === 403) {
    throw new AuthenticationError({
      message: `sign-in was refused (error ${responseCode} for GET ${path}): ${SIGN_IN_ADVICE}`,
    });
  }
}

/** What to do about a refused key. */
export const SIGN_IN_ADVICE =
  'check setting "api_key" (environment variable TAP_SEVDESK_API_KEY) and that its user may see these objects, or deselect the stream; nothing more was sent, since a key that keeps failing may be locked';
