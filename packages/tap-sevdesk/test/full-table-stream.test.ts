import { UnexpectedResponseError } from '@singer-io-ts/sdk';
import type { PageSource } from '../src/api/page.js';
import { ServerClock } from '../src/api/server-clock.js';
import { FullTableStream } from '../src/sync/full-table-stream.js';
import { runStream } from './support/run-stream.js';
import { Warehouse } from './support/warehouse.js';

/** A stream whose list is, at each reading, what comes next; the last stays. */
function streamOf(readings: string[][], calls: number[] = []): FullTableStream {
  const clock = new ServerClock();
  let now = Date.UTC(2026, 5, 1) / 1000;
  const source: PageSource = async () => {
    calls.push(calls.length);
    const ids = (readings.length > 1 ? readings.shift() : readings[0]) ?? [];
    clock.note((now += 1));
    const rows = ids.map((text) => {
      const buffer = Buffer.from(JSON.stringify({ id: text[0], text }));
      return {
        id: text[0] ?? '',
        created: undefined,
        updated: undefined,
        parentId: undefined,
        buffer,
        start: 0,
        end: buffer.length,
      };
    });
    return { total: rows.length, rows, serverTime: now };
  };
  return new FullTableStream(
    { name: 'tags', endpoint: '/Tag' },
    {
      source: () => source,
      clock,
      pageSize: 100,
      concurrency: 1,
      lookbackSeconds: 0,
      lagSeconds: 0,
      startDate: undefined,
      fullSyncEveryHours: 24,
    },
  );
}

const copied = (warehouse: Warehouse): unknown[] =>
  [...warehouse.table('tags').values()].map(({ record }) => record['text']).sort();

describe('a full-table stream', () => {
  it('activates only what two readings one after the other have seen', async () => {
    const warehouse = new Warehouse();
    const calls: number[] = [];
    // The first reading lacks an object that was there all the time.
    expect(
      await runStream(
        streamOf(
          [
            ['a', 'b'],
            ['a', 'b', 'c'],
          ],
          calls,
        ),
        warehouse,
      ),
    ).toBeUndefined();
    expect(copied(warehouse)).toEqual(['a', 'b', 'c']);
    expect(calls).toHaveLength(3);
  });

  it('removes what is gone, and keeps rows of a reading that came to nothing from outliving it', async () => {
    const warehouse = new Warehouse();
    await runStream(streamOf([['a', 'b']]), warehouse);
    await runStream(streamOf([['a', 'x'], ['a', 'y'], ['a', 'z'], ['a']]), warehouse);
    expect(copied(warehouse)).toEqual(['a']);
  });

  it('asks once and writes nothing where the list is what it was', async () => {
    const warehouse = new Warehouse();
    await runStream(streamOf([['b', 'a']]), warehouse);
    const calls: number[] = [];
    await runStream(streamOf([['a', 'b']], calls), warehouse);
    expect(calls).toHaveLength(1);
    expect(warehouse.received.get('tags')).toBe(2);
  });

  it('writes all of it where one object has changed', async () => {
    const warehouse = new Warehouse();
    await runStream(streamOf([['a', 'b']]), warehouse);
    await runStream(streamOf([['a', 'b changed']]), warehouse);
    expect(copied(warehouse)).toEqual(['a', 'b changed']);
  });

  it('deletes nothing when the list never holds still', async () => {
    const warehouse = new Warehouse();
    await runStream(streamOf([['a', 'b']]), warehouse);
    const restless = Array.from({ length: 20 }, (_, i) => ['a', String.fromCharCode(99 + i)]);
    expect(await runStream(streamOf(restless), warehouse)).toBeInstanceOf(UnexpectedResponseError);
    expect(copied(warehouse)).toEqual(expect.arrayContaining(['a', 'b']));
    expect(warehouse.table('tags').has('b')).toBe(true);
  });
});
