import type { PageSource, Row } from '../src/api/page.js';
import { ListPass } from '../src/sync/list-pass.js';

/** A list in one stable order, of which something may change before a request. */
function listOf(
  ids: number[],
  { before, most = Infinity }: { before?: (request: number) => void; most?: number } = {},
) {
  let requests = 0;
  const source: PageSource = (_filter, { limit, offset }) => {
    before?.((requests += 1));
    const rows = ids.slice(offset, offset + Math.min(limit, most)).map((id) => ({ id: String(id) }) as Row);
    return Promise.resolve({ rows, total: ids.length, serverTime: 0, limit });
  };
  return source;
}

async function read(source: PageSource, pageSize: number): Promise<number[]> {
  const seen: number[] = [];
  const pass = new ListPass({ source, filter: {}, pageSize, ahead: 1 });
  for await (const { rows } of pass.pages()) seen.push(...rows.map(({ id }) => Number(id)));
  return seen;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('a pass over a list', () => {
  it('reads every row once, whatever the size of the pages', async () => {
    for (const size of [2, 3, 7, 23, 24, 50])
      expect([size, await read(listOf(upTo(23)), size)]).toEqual([size, upTo(23)]);
  });

  it('steps back when rows that it has read are gone, and misses none of those behind', async () => {
    const ids = upTo(40);
    const gone = (request: number): void => {
      if (request === 2) ids.splice(1, 6);
    };
    expect(await read(listOf(ids, { before: gone }), 10)).toEqual(upTo(40));
  });

  it('goes on behind a page that is not full while more are counted', async () => {
    expect(await read(listOf(upTo(17), { most: 4 }), 10)).toEqual(upTo(17));
  });
});
