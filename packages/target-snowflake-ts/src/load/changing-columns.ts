import type { SealedStream } from '../spool/sink.js';
import type { ChangingColumns } from '../tables/schema-keeper.js';
import type { ChangingType } from '../values/changing-type.js';

/** Which types of column would change what streams bring, by plan and wanted name. */
export function changingColumns(batches: readonly Pick<SealedStream, 'plan' | 'inexact'>[]): ChangingColumns {
  const found = new Map<SealedStream['plan'], Map<string, Set<ChangingType>>>();
  for (const { plan, inexact } of batches) {
    if (inexact.size === 0) continue;
    const columns = found.get(plan) ?? new Map<string, Set<ChangingType>>();
    for (const [index, places] of inexact) {
      const name = plan.properties[index]?.column.name ?? '';
      const types = Object.keys(places) as ChangingType[];
      columns.set(name, new Set([...(columns.get(name) ?? []), ...types]));
    }
    found.set(plan, columns);
  }
  return found;
}
