import { NetworkError, ServerError } from '@singer-io-ts/sdk';
import type { PageSource } from './page.js';

/** Pages are not made smaller than this. */
export const SMALLEST_PAGE = 25;
/** Good pages after which a larger one is tried; twice as many after each time that it was too large again. */
const PAGES_UNTIL_LARGER = 20;

/** Whether a request failed because it asked for too much: a gateway that waited in vain, a time limit, or a body beyond it. */
export function isTooMuch(error: unknown): boolean {
  if (NetworkError.isInstance(error)) return error.tooMuch;
  return ServerError.isInstance(error) && (error.status === 504 || error.status === 502);
}

/**
 * Asks for half as many objects when a page turns out to be too much, as often as that helps, and for more again after a
 * while. Callers learn from the page's `limit` how many were asked for in the end.
 */
export function adaptToSize(source: PageSource): PageSource {
  let current = Infinity;
  let good = 0;
  let patience = PAGES_UNTIL_LARGER;
  return async (filter, { limit, offset }) => {
    for (;;) {
      const asked = Math.min(limit, current);
      try {
        const page = await source(filter, { limit: asked, offset });
        if (asked < limit && (good += 1) >= patience) {
          current = asked * 2;
          good = 0;
        }
        return page;
      } catch (error) {
        if (asked <= SMALLEST_PAGE || !isTooMuch(error)) throw error;
        // Of several requests under way at once only the first that fails halves the size.
        const half = Math.max(SMALLEST_PAGE, Math.floor(asked / 2));
        if (half < current) {
          if (current !== Infinity && good === 0) patience = Math.min(patience * 2, 1000);
          current = half;
        }
        good = 0;
      }
    }
  };
}
