import type { Answer } from '../api/api-routes.js';
import type { Finder } from '../api/list-answer.js';
import { parseTimestamp } from '../company/berlin-time.js';
import type { Database } from '../store/database.js';
import { AdminError } from './admin-error.js';
import type { Clock } from './clock.js';
import type { Edit, Editor } from './editor.js';
import type { FaultRule, Faults } from './fault-rules.js';
import type { DoneEdit, PagingEditOptions, PagingEdits, RandomEditOptions } from './random-edits.js';
import { editAtRandom } from './random-edits.js';
import type { Stats } from './stats.js';

/** What the admin endpoints act on. */
export interface AdminParts {
  readonly database: Database;
  readonly editor: Editor;
  readonly pagingEdits: PagingEdits;
  readonly faults: Faults;
  readonly stats: Stats;
  readonly clock: Clock;
  readonly finder: Finder;
  readonly latency: { ms: number };
  readonly workAWhile: (invoices: number) => DoneEdit[];
}

type Handler = (body: Record<string, unknown>) => unknown;

/** Answers `/_local/…`: what an operator of a test does to the server behind the client's back. */
export class AdminRoutes {
  readonly #handlers: Readonly<Record<string, Handler>>;

  constructor(private readonly parts: AdminParts) {
    const { database, editor, pagingEdits, faults, stats, clock, finder, latency } = parts;
    this.#handlers = {
      'POST /edit': (body) => ({ ids: listOf<Edit>(body, 'edits').map((edit) => editor.apply(edit)) }),
      'POST /edit-random': (body) => ({ edits: editAtRandom(database, editor, body as unknown as RandomEditOptions) }),
      'POST /paging-edits': (body) => pagingEdits.begin(body as unknown as PagingEditOptions),
      'GET /paging-edits': () => ({ log: pagingEdits.log }),
      'DELETE /paging-edits': () => pagingEdits.end(),
      'POST /activity': (body) => ({ edits: parts.workAWhile(numberIn(body, 'invoices') ?? 7) }),
      'POST /faults': (body) => faults.add(listOf<FaultRule>(body, 'faults')),
      'GET /faults': () => faults.report(),
      'DELETE /faults': () => faults.clear(),
      'GET /stats': () => stats.report(),
      'DELETE /stats': () => stats.reset(),
      'GET /clock': () => ({ now: clock.now(), frozen: clock.frozen }),
      'PUT /clock': (body) => this.#setClock(body),
      'PUT /latency': (body) => void (latency.ms = numberIn(body, 'latencyMs') ?? 0),
      'PUT /behaviour': ({ bounds, shuffleTies }) => {
        if (bounds === 'exclusive' || bounds === 'inclusive') finder.bounds = bounds;
        if (typeof shuffleTies === 'boolean') finder.shuffleTies = shuffleTies;
        return { bounds: finder.bounds, shuffleTies: finder.shuffleTies };
      },
    };
  }

  /** @throws {AdminError} when the request makes no sense */
  answer(method: string, path: string, params: URLSearchParams, text: string): Answer {
    const dump = method === 'GET' ? /^\/dump\/(\w+)$/.exec(path)?.[1] : undefined;
    if (dump !== undefined) return { status: 200, body: this.#dump(dump, params.get('fields')) };
    const handler = this.#handlers[`${method} ${path}`];
    if (handler === undefined) throw new AdminError(404, `there is no ${method} /_local${path}`);
    const result = handler(parseBody(text)) ?? { ok: true };
    return { status: 200, body: Buffer.from(JSON.stringify(result)) };
  }

  #setClock(body: Record<string, unknown>): { now: number; frozen: boolean } {
    const { clock } = this.parts;
    const { now, frozen } = body;
    const instant = typeof now === 'string' ? parseTimestamp(now) : now;
    if (typeof instant === 'number') {
      if (Number.isNaN(instant)) throw new AdminError(400, `"now" is no time: ${String(now)}`);
      clock.set(instant);
    }
    clock.advance(numberIn(body, 'advanceSeconds') ?? 0);
    if (frozen === true) clock.freeze();
    if (frozen === false) clock.run();
    return { now: clock.now(), frozen: clock.frozen };
  }

  /** Every record of an endpoint, of all types, as it is now; a record a line within the list. */
  #dump(endpoint: string, fields: string | null): Buffer {
    const table = this.parts.database.table(endpoint);
    if (table === undefined) throw new AdminError(404, `there is no endpoint "${endpoint}"`);
    const names = fields?.split(',');
    const parts: Buffer[] = [];
    for (let index = 0; index < table.size; index += 1) {
      if (!table.has(index)) continue;
      if (names === undefined) {
        parts.push(table.json(index));
      } else {
        const record = table.record(index);
        parts.push(Buffer.from(JSON.stringify(Object.fromEntries(names.map((name) => [name, record[name]])))));
      }
    }
    const separated = parts.flatMap((part, position) => (position === 0 ? [part] : [Buffer.from(',\n'), part]));
    return Buffer.concat([Buffer.from('{"objects":['), ...separated, Buffer.from(']}')]);
  }
}

function parseBody(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null)
      return Array.isArray(body) ? { edits: body, faults: body } : (body as Record<string, unknown>);
  } catch (error) {
    throw new AdminError(400, 'the body is not JSON', { cause: error });
  }
  throw new AdminError(400, 'the body is no JSON object');
}

function listOf<T>(body: Record<string, unknown>, name: string): T[] {
  const value = body[name];
  if (!Array.isArray(value)) throw new AdminError(400, `the body needs a list "${name}"`);
  return value as T[];
}

function numberIn(body: Record<string, unknown>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || Number.isNaN(value)) throw new AdminError(400, `"${name}" must be a number`);
  return value;
}
