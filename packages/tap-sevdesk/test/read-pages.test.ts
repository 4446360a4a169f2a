import type { PageSource } from '../src/api/page.js';
import { PassBroken, readPages } from '../src/sync/read-pages.js';

/** A list of ids that can be edited before each answer. */
function listOf(
  ids: string[],
  beforeAnswer: (call: number) => void = () => undefined,
): { source: PageSource; calls: number[] } {
  const calls: number[] = [];
  const source: PageSource = async (_filter, { limit, offset }) => {
    calls.push(offset);
    beforeAnswer(calls.length);
    const row = (id: string) => ({
      id,
      created: 0,
      updated: 0,
      parentId: undefined,
      buffer: Buffer.alloc(0),
      start: 0,
      end: 0,
    });
    return { total: ids.length, rows: ids.slice(offset, offset + limit).map(row), serverTime: 0 };
  };
  return { source, calls };
}

async function read(source: PageSource, pageSize: number, ahead = 1): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of readPages({ source, filter: {}, pageSize, ahead }))
    ids.push(...page.rows.map(({ id }) => id));
  return ids;
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));

describe('reading the pages of a list', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 50])('yields each of %i rows once, in order', async (count) => {
    for (const pageSize of [1, 2, 3, 5, 10, 1000]) {
      for (const ahead of [1, 3])
        expect(await read(listOf(numbered(count)).source, pageSize, ahead)).toEqual(numbered(count));
    }
  });

  it('asks once for what fits one page', async () => {
    const { source, calls } = listOf(numbered(10));
    await read(source, 10);
    expect(calls).toEqual([0]);
  });

  it('notices a row that a deletion hid, though an insertion keeps the total', async () => {
    const ids = numbered(20);
    const { source } = listOf(ids, (call) => {
      if (call !== 2) return;
      ids.splice(2, 1);
      ids.push('new');
    });
    await expect(read(source, 5)).rejects.toThrow(PassBroken);
  });

  it.each([
    ['a deletion', (ids: string[]) => ids.splice(15, 1)],
    ['an insertion', (ids: string[]) => ids.push('new')],
  ])('notices that the total changed by %s', async (_what, edit) => {
    const ids = numbered(20);
    const { source } = listOf(ids, (call) => {
      if (call === 2) edit(ids);
    });
    await expect(read(source, 5)).rejects.toThrow('the total changed');
  });

  it('does not count a row twice', async () => {
    const { source } = listOf(['1', '2', '2', '4']);
    await expect(read(source, 10)).rejects.toThrow('3 different objects of 4');
  });

  it('notices a page that is shorter than asked for', async () => {
    const { source } = listOf(numbered(10));
    const short: PageSource = async (filter, page) => source(filter, { ...page, limit: Math.min(page.limit, 3) });
    await expect(read(short, 5)).rejects.toThrow(PassBroken);
  });
});
