import { messagesOf, state } from './messages.js';

/** The same numbers for the same seed. */
export function random(seed: number): () => number {
  let last = seed;
  return () => {
    last = (last * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return last / 4_294_967_296;
  };
}

export interface Change {
  seq: number;
  id: number;
  changed: number;
}

/** Thirty changes of twelve orders; the tap sends each as an order and as a line of a log without a key. */
export function changesOf(seed: number): Change[] {
  const next = random(seed);
  return Array.from({ length: 30 }, (_, seq) => ({
    seq,
    id: Math.floor(next() * 12),
    changed: Math.floor(next() * 30),
  }));
}

const INTEGER = { type: 'integer' };
export const orders = messagesOf('orders', {
  bookmark_properties: ['changed'],
  properties: { id: INTEGER, changed: INTEGER, seq: INTEGER },
});
export const log = messagesOf('log', { key_properties: [], properties: { seq: INTEGER } });

/** The tap's output from a state on: the state is the number of the next change. */
export function messagesFrom(changes: readonly Change[], from = 0): object[] {
  const rest = changes
    .slice(from)
    .flatMap((change) => [
      orders.record(change),
      log.record({ seq: change.seq }),
      ...(change.seq % 3 === 2 ? [state({ next: change.seq + 1 })] : []),
    ]);
  return [orders.schema(), log.schema(), ...rest, state({ next: changes.length })];
}

/** The orders after some changes, by id, as the warehouse must have them: the newest of each, the later one of equals. */
export function newestOrders(changes: readonly Change[]): Change[] {
  const newest = new Map<number, Change>();
  for (const change of changes) {
    const have = newest.get(change.id);
    if (!have || change.changed >= have.changed) newest.set(change.id, change);
  }
  return [...newest.values()].sort((a, b) => a.id - b.id);
}
