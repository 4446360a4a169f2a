import type { Session, Warehouse } from '@singer-io-ts/snowflake-session';
import type { StreamPlan } from '../plan/stream-plan.js';
import { renderHook } from '../sql/hooks.js';

/** The SQL that users run before a stream's first load in a run and after its last. */
export class StreamHooks {
  /** The last plan of each stream whose `pre_load_sql` has run. */
  readonly #begun = new Map<string, StreamPlan>();

  constructor(private readonly runId: string) {}

  async begin(session: Session, plans: readonly StreamPlan[]): Promise<void> {
    for (const plan of plans) {
      if (!this.#begun.has(plan.stream))
        for (const sql of plan.preLoadSql) await session.run(renderHook(sql, plan, this.runId));
      this.#begun.set(plan.stream, plan);
    }
  }

  async end(warehouse: Warehouse): Promise<void> {
    const plans = [...this.#begun.values()].filter(({ postLoadSql }) => postLoadSql.length > 0);
    if (plans.length === 0) return;
    const session = await warehouse.session();
    for (const plan of plans) for (const sql of plan.postLoadSql) await session.run(renderHook(sql, plan, this.runId));
  }
}
