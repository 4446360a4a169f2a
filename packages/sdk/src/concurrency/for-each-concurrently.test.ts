import { setTimeout as sleep } from 'node:timers/promises';
import { forEachConcurrently } from './for-each-concurrently.js';

describe('forEachConcurrently', () => {
  it('starts in order, never more than allowed at once, and does each item once', async () => {
    const started: string[] = [];
    let running = 0;
    let most = 0;
    await forEachConcurrently('abcdefg', 3, async (item, index) => {
      started.push(`${index}${item}`);
      most = Math.max(most, (running += 1));
      await sleep(1);
      running -= 1;
    });
    expect(started).toEqual(['0a', '1b', '2c', '3d', '4e', '5f', '6g']);
    expect(most).toBe(3);
  });

  it('starts nothing after a failure, waits for what was started, and throws the first error', async () => {
    const ended: number[] = [];
    const work = forEachConcurrently([1, 2, 3, 4], 2, async (item) => {
      if (item === 1) throw new Error('first');
      await sleep(5);
      ended.push(item);
      throw new Error('second');
    });
    await expect(work).rejects.toThrow('first');
    expect(ended).toEqual([2]);
  });

  it('ends early with the reason of the one who stops it, and does nothing for no items', async () => {
    const stop = new AbortController();
    const work = forEachConcurrently([1, 2, 3], 1, async () => stop.abort(new Error('enough')), stop);
    await expect(work).rejects.toThrow('enough');
    await expect(forEachConcurrently([], 4, () => Promise.reject(new Error('none')))).resolves.toBeUndefined();
  });
});
