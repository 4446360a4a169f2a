import { CachingWarehouse } from './caching-warehouse.js';
import type { Row, Statement, Warehouse } from './warehouse.js';

function counting(answer: () => Promise<readonly Row[]>): Warehouse & { asked: number } {
  return {
    asked: 0,
    rows(_statement: Statement) {
      this.asked += 1;
      return answer();
    },
    stream: () => {
      throw new Error('not asked here');
    },
    close: () => Promise.resolve(),
  };
}

const ONE: Statement = { sql: 'select ?', binds: ['1'] };
const TWO: Statement = { sql: 'select ?', binds: ['2'] };

describe('a caching warehouse', () => {
  it('asks once for the same at the same time, again after a while, and anew for other values', async () => {
    let now = 0;
    const inner = counting(() => Promise.resolve([{ A: '1' }]));
    const cache = new CachingWarehouse(inner, { ttlMs: 1000, now: () => now });
    await Promise.all([cache.rows(ONE), cache.rows(ONE)]);
    expect(inner.asked).toBe(1);
    await cache.rows(TWO);
    expect(inner.asked).toBe(2);
    now = 1001;
    await cache.rows(ONE);
    expect(inner.asked).toBe(3);
  });

  it('never keeps a failure', async () => {
    let fails = true;
    const inner = counting(() => (fails ? Promise.reject(new Error('down')) : Promise.resolve([])));
    const cache = new CachingWarehouse(inner, { ttlMs: 1000, now: () => 0 });
    await expect(cache.rows(ONE)).rejects.toThrow('down');
    fails = false;
    await expect(cache.rows(ONE)).resolves.toEqual([]);
  });

  it('keeps a bounded number of answers', async () => {
    const inner = counting(() => Promise.resolve([]));
    const cache = new CachingWarehouse(inner, { ttlMs: 1000, now: () => 0 });
    for (let value = 0; value <= 500; value++) await cache.rows({ sql: 'select ?', binds: [String(value)] });
    await cache.rows({ sql: 'select ?', binds: ['500'] });
    expect(inner.asked).toBe(501);
    await cache.rows({ sql: 'select ?', binds: ['0'] });
    expect(inner.asked).toBe(502);
  });
});
