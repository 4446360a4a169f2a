import { PaginationLoopError, UnexpectedResponseError } from '../errors/source-errors.js';
import type { HttpMethod, Query, RequestBody } from '../http/http-request.js';
import type { ResponseRule } from '../http/response-rules.js';
import { isExactNumber } from '../json/exact-number.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { stringifyJson } from '../json/lossless.js';
import { RecordStream } from '../tap/record-stream.js';
import type { RecordsRequest } from '../tap/record-source.js';
import { valueAt, withValueAt } from './json-path.js';
import type { PageRequest, Paginator } from './paginator.js';
import { singlePage } from './paginators.js';
import type { RestApi } from './rest-api.js';

/**
 * A stream that is a listing of a JSON API. Say where it is (`path`), where the records are in the response
 * (`recordsPath`), how pages are turned (`paginator`) and how changes are asked for (`query`, or `body`).
 */
export abstract class RestStream extends RecordStream {
  /** Appended to the API's address; `{name}` stands for a property of the context: `/users/{user_id}/posts`. */
  abstract readonly path: string;
  /** @default GET */
  readonly method: HttpMethod = 'GET';
  /** Where the list of records is in the response, as names joined by dots; empty when the response is the list. @default '' */
  readonly recordsPath: string = '';
  /** What answers mean for this stream; these come before those of the API. @default none */
  readonly responses: readonly ResponseRule[] = [];

  constructor(protected readonly api: RestApi) {
    super();
  }

  /** How pages are turned; called for every listing. @default the listing comes whole */
  paginator(): Paginator {
    return singlePage();
  }

  /** Parameters of the request beside those of the page, such as the one that asks for changes only. @default none */
  query(_request: RecordsRequest): Query {
    return {};
  }

  /** Headers of the request beside those of the API. @default none */
  headers(_request: RecordsRequest): Readonly<Record<string, string>> {
    return {};
  }

  /** What the request carries, such as a GraphQL query. @default nothing */
  body(_request: RecordsRequest): RequestBody | undefined {
    return undefined;
  }

  /** Turns what the response has into the record; undefined leaves it out. @default as it is */
  toRecord(row: JsonObject, _request: RecordsRequest): JsonObject | undefined {
    return row;
  }

  override async *records(request: RecordsRequest): AsyncGenerator<JsonObject> {
    const paginator = this.paginator();
    const path = this.#pathFor(request.context);
    const query = this.query(request);
    const body = this.body(request);
    const common = { method: this.method, headers: this.headers(request), responses: this.responses };
    const asked = new Set<string>();
    let from: string | undefined;
    for (let page: PageRequest | undefined = paginator.first(); page;) {
      request.signal.throwIfAborted();
      this.#refuseLoop(asked, page);
      const answer =
        page.url === undefined
          ? await this.api.request({
              ...common,
              path,
              query: { ...query, ...page.query },
              body: withPage(body, page.body),
            })
          : await this.api.follow(page.url, { ...common, body, ...(from === undefined ? {} : { from }) });
      if (answer.aside) {
        if (answer.aside === 'ignore')
          request.skip(`HTTP ${answer.response.status} for ${this.method} ${this.path}, which is set to be ignored`);
        break;
      }
      from = answer.response.url;
      const rows = this.#rowsOf(answer.body);
      for (const row of rows) {
        const record = this.toRecord(row, request);
        if (record) yield record;
      }
      page = paginator.next({ response: answer.response, body: answer.body, count: rows.length });
    }
    this.api.countRequests(this.name, this.path, asked.size);
  }

  #pathFor(context: RecordsRequest['context']): string {
    return this.path.replace(/\{(\w+)\}/g, (_match, name: string) => {
      const value = context[name];
      const text = isExactNumber(value) ? value.text : typeof value === 'object' ? '' : String(value ?? '');
      // Nothing, and dots, would make it the path of something else.
      if (!/^\.{0,2}$/.test(text)) return encodeURIComponent(text);
      throw new UnexpectedResponseError({
        message: `stream "${this.name}": its path needs "${name}", which its context does not hold as part of a path`,
      });
    });
  }

  #rowsOf(body: JsonValue): JsonObject[] {
    const rows = valueAt(body, this.recordsPath);
    if (Array.isArray(rows) && rows.every(isJsonObject)) return rows;
    throw new UnexpectedResponseError({
      message: `stream "${this.name}": ${this.recordsPath === '' ? 'the response is not a list of objects' : `the response has no list of objects at "${this.recordsPath}"`}`,
    });
  }

  #refuseLoop(asked: Set<string>, page: PageRequest): void {
    const key = stringifyJson(page);
    if (asked.has(key)) {
      throw new PaginationLoopError({
        message: `stream "${this.name}": the source leads back to page ${asked.size === 1 ? 'it has just given' : 'given before'}; stopped after ${asked.size} pages`,
      });
    }
    asked.add(key);
  }
}

/** A body with the parameters of a page in it. */
function withPage(
  body: RequestBody | undefined,
  page: Readonly<Record<string, JsonValue>> | undefined,
): RequestBody | undefined {
  if (page === undefined) return body;
  if (body && 'form' in body) return { form: { ...body.form, ...(page as Query) } };
  const json = body && 'json' in body && isJsonObject(body.json) ? body.json : {};
  return { json: Object.entries(page).reduce((whole, [path, value]) => withValueAt(whole, path, value), json) };
}
