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

async function drain(pass: ListPass): Promise<number[]> {
  const seen: number[] = [];
  for await (const { rows } of pass.pages()) seen.push(...rows.map(({ id }) => Number(id)));
  return seen;
}

async function read(source: PageSource, pageSize: number): Promise<number[]> {
  return drain(new ListPass({ source, filter: {}, pageSize, ahead: 1 }));
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

  it('keeps its order while one row goes and another comes, so that it need not be repeated', async () => {
    const ids = upTo(60);
    let requests = 0;
    const source = listOf(ids, {
      before: (request) => {
        requests = request;
        if (request % 3 !== 0) return;
        ids.splice(request, 1);
        ids.push(100 + request);
      },
    });
    const pass = new ListPass({ source, filter: {}, pageSize: 10, ahead: 1 });
    await drain(pass);
    expect([pass.ordered, pass.shifts > 0, requests < 25]).toEqual([true, true, true]);
  });

  it('reads what came at the front while the rest was read', async () => {
    const ids = upTo(60);
    const source = listOf(ids, {
      before: (request) => {
        if (request % 3 !== 0 || request > 9) return;
        ids.splice(-request, 1);
        ids.unshift(100 + request);
      },
    });
    const pass = new ListPass({ source, filter: {}, pageSize: 10, ahead: 1 });
    const seen = await drain(pass);
    expect(pass.ordered).toBe(true);
    expect(ids.filter((id) => !seen.includes(id))).toEqual([]);
  });

  it('knows that rows may be missing when fewer came than were counted all the time', async () => {
    // The database lists rows that its order does not tell apart as it likes.
    const orders = [
      upTo(30),
      [
        ...upTo(5),
        25,
        ...upTo(30)
          .slice(5)
          .filter((id) => id !== 25),
      ],
    ];
    const source: PageSource = (_filter, { limit, offset }) => {
      const ids = orders[offset === 0 ? 0 : 1]!;
      const rows = ids.slice(offset, offset + limit).map((id) => ({ id: String(id) }) as Row);
      return Promise.resolve({ rows, total: 30, serverTime: 0, limit });
    };
    const pass = new ListPass({ source, filter: {}, pageSize: 10, ahead: 1 });
    await drain(pass);
    expect(pass.ordered).toBe(false);
  });

  it('goes on behind a page that is not full while more are counted', async () => {
    expect(await read(listOf(upTo(17), { most: 4 }), 10)).toEqual(upTo(17));
  });
});
