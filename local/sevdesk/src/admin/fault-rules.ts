import { Random } from '../company/random.js';
import { AdminError } from './admin-error.js';

export const FAULT_KINDS = [
  'status',
  'reset',
  'hang',
  'drip',
  'cut',
  'truncate',
  'html200',
  'error200',
  'objectsNull',
  'wrongTypes',
  'duplicateIds',
  'ignoreFilters',
  'totalLies',
  'unauthorized',
  'delay',
  'empty',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Which calls a fault befalls, and how. */
export interface FaultRule {
  readonly kind: FaultKind;
  /** Regular expressions that the path below `/api/v1` and the query string must match. @default any */
  readonly path?: string;
  readonly query?: string;
  /** Spares the first n calls that match. @default 0 */
  readonly after?: number;
  /** Befalls every n-th call only. @default 1 */
  readonly every?: number;
  /** Befalls a call with this probability, drawn from `seed`. @default 1 */
  readonly probability?: number;
  readonly seed?: number;
  /** Ends after so many faults. @default no end */
  readonly times?: number;
  /** Of `status`. @default 500 */
  readonly status?: number;
  /** Of `status`: seconds, `date:N` for an HTTP date N seconds ahead, or any text. */
  readonly retryAfter?: number | string;
  /** Of `drip`: the pause after each byte. @default 50 */
  readonly intervalMs?: number;
  /** Of `delay`. @default 1000 */
  readonly ms?: number;
  /** Of `totalLies`: what is added to the total. @default -1 */
  readonly by?: number;
}

class ActiveRule {
  seen = 0;
  hits = 0;
  readonly #random: Random;
  readonly #path: RegExp;
  readonly #query: RegExp;

  constructor(readonly rule: FaultRule) {
    this.#random = new Random(rule.seed ?? 1, 90);
    this.#path = pattern(rule.path);
    this.#query = pattern(rule.query);
  }

  befalls(path: string, query: string): boolean {
    const { after = 0, every = 1, probability = 1, times = Infinity } = this.rule;
    if (this.hits >= times || !this.#path.test(path) || !this.#query.test(query)) return false;
    this.seen += 1;
    if (this.seen <= after || (this.seen - after) % every !== 0 || !this.#random.chance(probability)) return false;
    this.hits += 1;
    return true;
  }
}

function pattern(source = ''): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new AdminError(400, `not a regular expression: ${source}`, { cause: error });
  }
}

/** The faults that are in force; for each call the first rule that befalls it counts. */
export class Faults {
  #rules: ActiveRule[] = [];

  add(rules: readonly FaultRule[]): void {
    for (const rule of rules) {
      if (!FAULT_KINDS.includes(rule.kind))
        throw new AdminError(400, `no fault kind "${rule.kind}"; there are ${FAULT_KINDS.join(', ')}`);
    }
    this.#rules.push(...rules.map((rule) => new ActiveRule(rule)));
  }

  clear(): void {
    this.#rules = [];
  }

  next(path: string, query: string): FaultRule | undefined {
    return this.#rules.find((active) => active.befalls(path, query))?.rule;
  }

  report() {
    return { faults: this.#rules.map(({ rule, seen, hits }) => ({ ...rule, seen, hits })) };
  }
}

/** What `--fault-rate` lets happen: everything that a client should survive by trying again. */
export function everydayFaults(rate: number, seed: number): FaultRule[] {
  const rules: FaultRule[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 429, retryAfter: 0 },
    { kind: 'reset' },
    { kind: 'cut' },
    { kind: 'html200' },
    { kind: 'error200' },
  ];
  return rules.map((rule, index) => ({ ...rule, probability: rate / rules.length, seed: seed + index }));
}
