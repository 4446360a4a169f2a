import { FilterIgnoredError, UnexpectedResponseError } from '@singer-io-ts/sdk';
import { loadSchema } from '../src/schema/load-schema.js';
import { ChangesStream } from '../src/sync/changes-stream.js';
import { runStream } from './support/run-stream.js';
import { seeded, SimulatedService, type SimulatedServiceOptions } from './support/simulated-service.js';
import { Warehouse } from './support/warehouse.js';

const DEFINITION = {
  name: 'invoices',
  endpoint: '/Invoice',
  kind: 'changes' as const,
  schema: loadSchema('invoices'),
};
const invoices = (service: SimulatedService): ChangesStream => new ChangesStream(DEFINITION, service.context());

/** A calm service whose clock moves a second with each answer. */
function calmService(rows: number, options: Partial<SimulatedServiceOptions> = {}): SimulatedService {
  const service = new SimulatedService({ random: seeded(1), ...options });
  for (let i = 0; i < rows; i += 1) service.insert(service.now - (rows - i) * 3600);
  service.beforeAnswer = () => (service.now += 1);
  return service;
}

/** The bookmark of the only stream, without the mark of the run. */
const withoutMark = (state: Warehouse['state']): unknown => {
  const { bookmarks } = structuredClone(state) as { bookmarks: { invoices: Record<string, unknown> } };
  const { sync: _mark, ...bookmark } = bookmarks.invoices;
  return bookmark;
};

const revisions = (warehouse: Warehouse): Record<string, unknown> =>
  Object.fromEntries([...warehouse.table('invoices')].map(([id, { record }]) => [id, record['revision']]));
const sourceRevisions = (service: SimulatedService): Record<string, number> =>
  Object.fromEntries([...service.rows.values()].map(({ id, revision }) => [id, revision]));

describe('an incremental stream', () => {
  it('asks once when there is nothing new, and writes nothing', async () => {
    const service = calmService(25);
    const warehouse = new Warehouse();
    await runStream(invoices(service), warehouse);
    service.now += 3600;
    service.calls.length = 0;
    await runStream(invoices(service), warehouse);
    expect(service.calls).toHaveLength(1);
    expect(warehouse.received.get('invoices')).toBe(25);
  });

  it('writes only what changed', async () => {
    const service = calmService(25);
    const warehouse = new Warehouse();
    await runStream(invoices(service), warehouse);
    service.now += 60;
    service.update('1003');
    service.now += 60;
    await runStream(invoices(service), warehouse);
    expect(warehouse.received.get('invoices')).toBe(26);
    expect(revisions(warehouse)).toEqual(sourceRevisions(service));
  });

  it('remembers what it has written of the overlap, and writes of it only what changed since', async () => {
    const service = calmService(5);
    const warehouse = new Warehouse();
    for (let i = 0; i < 4; i += 1) service.insert(service.now - 20);
    await runStream(invoices(service), warehouse);
    service.update('1006');
    service.now += 10;
    await runStream(invoices(service), warehouse);
    expect(warehouse.received.get('invoices')).toBe(10);
    expect(revisions(warehouse)).toEqual(sourceRevisions(service));
  });

  // With the next run soon, the window's own lookback covers it; an hour later only the one before the last window's end does.
  it.each([20, 3600])('finds a change that the service showed late, by its lookback, %i s later', async (later) => {
    const service = calmService(5);
    const warehouse = new Warehouse();
    const stamp = service.now;
    service.now += 20;
    await runStream(invoices(service), warehouse);
    service.update('1002', stamp);
    service.now += later;
    await runStream(invoices(service), warehouse);
    expect(revisions(warehouse)).toEqual(sourceRevisions(service));
  });

  it('takes the last of two edits within a second, by its lag', async () => {
    const service = calmService(5);
    service.beforeAnswer = undefined;
    service.options.random = () => 0.9;
    const warehouse = new Warehouse();
    service.update('1002');
    // The service answers within the second of the first edit.
    service.options.random = () => 0;
    await runStream(invoices(service), warehouse);
    service.update('1002');
    service.now += 60;
    await runStream(invoices(service), warehouse);
    expect(revisions(warehouse)).toEqual(sourceRevisions(service));
  });

  it('leaves changes of its lag to the next run, in runs that need one request too', async () => {
    const service = calmService(5);
    service.beforeAnswer = undefined;
    const warehouse = new Warehouse();
    await runStream(invoices(service), warehouse);
    service.now += 60;
    const stamp = service.now;
    service.update('1002', stamp);
    await runStream(invoices(service), warehouse);
    service.update('1002', stamp);
    service.now += 60;
    await runStream(invoices(service), warehouse);
    expect(revisions(warehouse)).toEqual(sourceRevisions(service));
  });

  it.each([['updateAfter'], ['updateBefore']])(
    'stops when the service ignores %s, and moves no bookmark',
    async (filter) => {
      const service = calmService(45);
      const warehouse = new Warehouse();
      await runStream(invoices(service), warehouse);
      const state = withoutMark(warehouse.state);
      service.now += 3600;
      // More than a page, so that the window needs both of its bounds; and changes while it is read.
      for (let i = 0; i < 15; i += 1) service.update(String(1001 + i), service.now - 100 - i * 60);
      service.beforeAnswer = () => {
        service.now += 10;
        service.update('1040');
      };
      service.options.ignoredFilters = [filter];
      expect(await runStream(invoices(service), warehouse)).toBeInstanceOf(FilterIgnoredError);
      expect(withoutMark(warehouse.state)).toEqual(state);
    },
  );

  it('leaves out what was last changed before the start date, in whole syncs too', async () => {
    const service = calmService(60);
    const startDate = service.now - 20 * 3600 - 60;
    const expected = Object.fromEntries(
      Object.entries(sourceRevisions(service)).filter(([id]) => (service.rows.get(id)?.update ?? 0) >= startDate),
    );
    const limited = (): ChangesStream => new ChangesStream(DEFINITION, service.context({ startDate }));
    const warehouse = new Warehouse();
    await runStream(limited(), warehouse);
    expect(Object.keys(expected)).toHaveLength(20);
    expect(revisions(warehouse)).toEqual(expected);
    service.now += 25 * 3600;
    await runStream(limited(), warehouse);
    expect(warehouse.activated.size).toBe(1);
    expect(revisions(warehouse)).toEqual(expected);
  });

  it('reads a second with many rows page by page, and fails rather than guess when it does not hold still', async () => {
    const service = calmService(5);
    for (let i = 0; i < 47; i += 1) service.insert(service.now - 100_000);
    const warehouse = new Warehouse();
    expect(await runStream(invoices(service), warehouse)).toBeUndefined();
    expect(revisions(warehouse)).toEqual(sourceRevisions(service));

    service.options.shuffledTies = true;
    expect(await runStream(invoices(service), new Warehouse())).toBeInstanceOf(UnexpectedResponseError);
  });

  it('goes on where a broken first sync ended, wherever that was, and asks for no finished slice again', async () => {
    const calls = calmService(150);
    await runStream(invoices(calls), new Warehouse());
    for (let end = 1; end < calls.calls.length; end += 1) {
      const service = calmService(150);
      const warehouse = new Warehouse();
      let answers = 0;
      service.beforeAnswer = () => {
        service.now += 1;
        if ((answers += 1) > end) service.failures = 1;
      };
      expect(await runStream(invoices(service), warehouse)).toBeDefined();
      service.failures = 0;
      service.beforeAnswer = () => (service.now += 1);
      expect(await runStream(invoices(service), warehouse)).toBeUndefined();
      expect(revisions(warehouse)).toEqual(sourceRevisions(service));
      // Every slice was written with a STATE after it, so nothing is written twice.
      expect(warehouse.received.get('invoices')).toBe(150);
    }
  });

  it('activates a version after a whole sync, not after one that broke off', async () => {
    const service = calmService(60);
    const warehouse = new Warehouse();
    await runStream(invoices(service), warehouse);
    expect(warehouse.activated.size).toBe(1);
    const first = warehouse.activated.get('invoices');
    service.rows.delete('1007');
    service.now += 25 * 3600;

    let answers = 0;
    service.beforeAnswer = () => {
      service.now += 1;
      if ((answers += 1) > 4) service.failures = 1;
    };
    expect(await runStream(invoices(service), warehouse)).toBeDefined();
    expect(warehouse.activated.get('invoices')).toBe(first);
    const writtenByBrokenPass = Math.max(
      ...[...warehouse.table('invoices').values()].map(({ version }) => version ?? 0),
    );

    service.failures = 0;
    service.beforeAnswer = () => (service.now += 1);
    expect(await runStream(invoices(service), warehouse)).toBeUndefined();
    expect(warehouse.activated.get('invoices')).toBeGreaterThanOrEqual(writtenByBrokenPass);
    expect(revisions(warehouse)).toEqual(sourceRevisions(service));

    // Later incremental records carry the activated version.
    service.update('1009');
    service.now += 60;
    await runStream(invoices(service), warehouse);
    expect(warehouse.table('invoices').get('1009')?.version).toBe(warehouse.activated.get('invoices'));
  });
});
