import { FullTableStream } from '../src/sync/full-table-stream.js';
import { IncrementalStream } from '../src/sync/incremental-stream.js';
import { runStream } from './support/run-stream.js';
import { seeded, SimulatedService, type SimulatedServiceOptions } from './support/simulated-service.js';
import { Warehouse } from './support/warehouse.js';

const SEEDS = Array.from({ length: 100 }, (_, i) => i + 1);

/** A service with some history, edited and failing while it is read; how depends on the seed. */
function liveService(seed: number, options: Partial<SimulatedServiceOptions> = {}): SimulatedService {
  const random = seeded(seed);
  const service = new SimulatedService({
    random,
    editsPerCall: 0.5,
    failures: 1 / 7,
    inclusiveBounds: seed % 2 === 0,
    shuffledTies: seed % 3 === 0,
    ...options,
  });
  const rows = 20 + Math.floor(random() * 150);
  for (let i = 0; i < rows; i += 1) {
    // Imports give many rows the same second.
    const create = service.now - Math.floor(1 + random() * 40) * 50_000;
    service.insert(create, create + Math.floor(random() * 3) * 1000);
  }
  return service;
}

/** Runs until one run succeeds, as a scheduler does; calm enough in the end that it can. */
async function runUntilDone(
  make: () => IncrementalStream | FullTableStream,
  service: SimulatedService,
  warehouse: Warehouse,
): Promise<void> {
  let last: unknown;
  for (let n = 0; n < 60; n += 1) {
    const error = await runStream(make(), warehouse);
    if (error === undefined) return;
    last = error;
    if (n === 30) {
      service.failures = 0;
      service.editsPerCall = Math.min(service.editsPerCall, 0.05);
    }
  }
  throw new Error('no run succeeded', { cause: last });
}

/** Ids with their revisions. */
const sourceOf = (service: SimulatedService): string[] =>
  [...service.rows.values()].map(({ id, revision }) => `${id}@${revision}`).sort();
const copyOf = (warehouse: Warehouse, stream: string): string[] =>
  [...warehouse.table(stream)].map(([id, { record }]) => `${id}@${String(record['revision'])}`).sort();

describe('an API that is edited while it is paged and fails on one call in seven', () => {
  it.each(SEEDS)('an incremental stream misses nothing and keeps nothing stale, seed %i', async (seed) => {
    const service = liveService(seed);
    const warehouse = new Warehouse();
    const make = (): IncrementalStream =>
      new IncrementalStream({ name: 'invoices', endpoint: '/Invoice' }, service.context());
    await runUntilDone(make, service, warehouse);
    service.editsPerCall = 0;
    service.settle();
    service.now += 120;
    await runUntilDone(make, service, warehouse);
    const copies = new Set(copyOf(warehouse, 'invoices'));
    expect(sourceOf(service).filter((row) => !copies.has(row))).toEqual([]);

    // A day later deletions have arrived as well.
    service.now += 25 * 3600;
    await runUntilDone(make, service, warehouse);
    expect(copyOf(warehouse, 'invoices')).toEqual(sourceOf(service));
  });

  it.each(SEEDS)('a full-table stream ends equal to its source, seed %i', async (seed) => {
    const service = liveService(seed, { editsPerCall: 0.15, shuffledTies: false });
    const warehouse = new Warehouse();
    const make = (): FullTableStream => new FullTableStream({ name: 'tags', endpoint: '/Tag' }, service.context());
    await runUntilDone(make, service, warehouse);
    service.editsPerCall = 0;
    service.settle();
    await runUntilDone(make, service, warehouse);
    expect(copyOf(warehouse, 'tags')).toEqual(sourceOf(service));
  });
});
