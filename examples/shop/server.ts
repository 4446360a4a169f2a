import { createServer, type Server } from 'node:http';

const TOKEN = 'example-token';
const BOOKS = 120;

interface Book {
  id: number;
  title: string;
  price: number;
  updated_at: string;
}

/** The shop's books, the ones that changed last at the end. */
export const books: readonly Book[] = Array.from({ length: BOOKS }, (_, i) => ({
  id: i + 1,
  title: `Book ${i + 1}`,
  price: (1000 + 7 * i) / 100,
  updated_at: new Date(Date.UTC(2026, 0, 1) + i * 3_600_000).toISOString(),
}));

/** A small shop with an API: `GET /books?updated_since=…&page=…&per_page=…`, signed in by a token. */
export function createShop(): Server {
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop');
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(401, { error: 'unknown token' });
    if (pathname !== '/books') return answer(404, { error: 'no such path' });
    const page = Number(searchParams.get('page') ?? 1);
    const size = Number(searchParams.get('per_page') ?? 20);
    const since = searchParams.get('updated_since') ?? '';
    const changed = books.filter((book) => book.updated_at >= since);
    answer(200, { data: changed.slice((page - 1) * size, page * size), total: changed.length });
  });
}
