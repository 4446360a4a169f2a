import { PaginationLoopError, UnexpectedResponseError } from '../errors/source-errors.js';
import type { Query } from '../http/http-client.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { stringifyJson } from '../json/lossless.js';
import { RecordStream, type RecordsRequest } from '../tap/record-stream.js';
import { valueAt } from './json-path.js';
import type { PageRequest, Paginator } from './paginator.js';
import { singlePage } from './paginators.js';
import type { RestApi } from './rest-api.js';

/**
 * A stream that is a listing of a JSON API. Say where it stands (`path`), where the records stand in the answer
 * (`recordsPath`), how pages are turned (`paginator`) and how changes are asked for (`query`).
 */
export abstract class RestStream extends RecordStream {
  /** Appended to the API's address; `{name}` stands for a property of the context: `/users/{user_id}/posts`. */
  abstract readonly path: string;
  /** Where the list of records stands in the answer, as names joined by dots; empty when the answer is the list. @default '' */
  readonly recordsPath: string = '';

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

  /** Makes the record of what stands in the answer; undefined leaves it out. @default as it is */
  toRecord(row: JsonObject, _request: RecordsRequest): JsonObject | undefined {
    return row;
  }

  override async *records(request: RecordsRequest): AsyncGenerator<JsonObject> {
    const paginator = this.paginator();
    const query = this.query(request);
    const path = this.#pathFor(request.context);
    const asked = new Set<string>();
    for (let page: PageRequest | undefined = paginator.first(); page;) {
      request.signal.throwIfAborted();
      this.#refuseLoop(asked, page);
      const { response, body } =
        'url' in page ? await this.api.follow(page.url) : await this.api.get(path, { ...query, ...page.query });
      const rows = this.#rowsOf(body);
      for (const row of rows) {
        const record = this.toRecord(row, request);
        if (record) yield record;
      }
      page = paginator.next({ response, body, count: rows.length });
    }
    this.api.countRequests(this.name, this.path, asked.size);
  }

  #pathFor(context: RecordsRequest['context']): string {
    return this.path.replace(/\{(\w+)\}/g, (_match, name: string) => {
      const value = context[name];
      if (typeof value === 'string' || typeof value === 'number') return encodeURIComponent(String(value));
      throw new UnexpectedResponseError({
        message: `stream "${this.name}": its path needs "${name}", which its context does not hold`,
      });
    });
  }

  #rowsOf(body: JsonValue): JsonObject[] {
    const rows = valueAt(body, this.recordsPath);
    if (Array.isArray(rows) && rows.every(isJsonObject)) return rows;
    const place = this.recordsPath === '' ? 'is' : `holds at "${this.recordsPath}"`;
    throw new UnexpectedResponseError({ message: `stream "${this.name}": the answer ${place} no list of objects` });
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
