import type { Database } from '../store/database.js';
import type { Table } from '../store/table.js';
import type { WireRecord } from '../company/wire.js';
import type { Finder } from './list-answer.js';
import { embedInto, listBody } from './list-answer.js';
import { parseListQuery } from './list-query.js';
import { authenticationRequired, notFound, WireError } from './wire-error.js';

/** An answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** How many records it carries; undefined for errors. */
  readonly records?: number;
  /** Beside or instead of the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request below `/api/v1`. */
export interface ApiRequest {
  readonly method: string;
  /** Below `/api/v1`, as `/Invoice/1`. */
  readonly path: string;
  readonly params: URLSearchParams;
  readonly authorization: string | undefined;
}

/** Answers the service's own endpoints. */
export class ApiRoutes {
  constructor(
    private readonly database: Database,
    private readonly finder: Finder,
    private readonly token: string,
    private readonly beforeList: (endpoint: string) => void = () => undefined,
  ) {}

  /** @throws {WireError} in the cases in which the service refuses */
  answer(request: ApiRequest): Answer {
    if (request.authorization !== this.token) throw authenticationRequired();
    const [endpoint = '', id, action] = request.path.split('/').slice(1);
    if (endpoint === 'Tools' && id === 'bookkeepingSystemVersion') return json({ objects: { version: '2.0' } });
    const table = this.database.table(endpoint);
    if (table === undefined) throw new WireError(404, `No Model_${endpoint} was found`, 151);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new WireError(405, 'This local sevDesk is read-only; edit through /_local');
    if (id === undefined || id === '') return this.#list(table, request.params);
    if (action === 'getPositions') return this.#positions(table, id, request.params);
    const index = table.indexOf(id);
    if (index < 0) throw notFound(endpoint, id);
    return {
      status: 200,
      body: listBody([this.#serialise(table, index, parseListQuery(request.params).embed)], undefined),
      records: 1,
    };
  }

  #list(table: Table, params: URLSearchParams): Answer {
    const query = parseListQuery(params);
    this.beforeList(table.endpoint);
    const { indexes, total } = this.finder.page(table, query);
    const records = indexes.map((index) => this.#serialise(table, index, query.embed));
    return { status: 200, body: listBody(records, query.countAll ? total : undefined), records: records.length };
  }

  #positions(table: Table, id: string, params: URLSearchParams): Answer {
    const positions = this.database.table(`${table.endpoint}Pos`);
    const parent = positions?.source.parent;
    if (positions === undefined || parent === undefined || table.indexOf(id) < 0) throw notFound(table.endpoint, id);
    const query = new URLSearchParams(params);
    query.set(`${parent}[id]`, id);
    query.set(`${parent}[objectName]`, table.endpoint);
    return this.#list(positions, query);
  }

  #serialise(table: Table, index: number, embed: readonly string[]): Buffer {
    if (embed.length === 0) return table.json(index);
    return Buffer.from(
      JSON.stringify(embedInto(table.record(index), embed, (objectName, id) => this.#find(objectName, id))),
    );
  }

  #find(objectName: string, id: string): WireRecord | undefined {
    const table = this.database.table(objectName);
    const index = table?.indexOf(id) ?? -1;
    return index < 0 ? undefined : table?.record(index);
  }
}

function json(value: unknown): Answer {
  return { status: 200, body: Buffer.from(JSON.stringify(value)) };
}
