import { AuthenticationError } from '@singer-io-ts/sdk';
import { Difference, NotPermitted } from '../report/findings.mjs';

const ANSWER_MS = 60_000;

/**
 * Asks sevDesk, reading only. Of what comes it records how many objects and which fields there were: no value of the user's.
 *
 * A token that is refused ends everything: one that keeps failing may be locked.
 */
export class SevdeskReader {
  #options;

  /** @param {{ url: string, token: string, recording: object, signal: AbortSignal, suite: string }} options */
  constructor(options) {
    this.#options = options;
  }

  /** Keeps what was learned beside the answers. */
  note(ask, answer) {
    const { recording, suite } = this.#options;
    recording.add({ suite, ask, answer });
  }

  /**
   * One page of a list.
   *
   * @param {string} path
   * @param {Record<string, string | number>} query
   * @returns {Promise<{ objects: Record<string, unknown>[], total: unknown, date: string | null }>}
   */
  async list(path, query) {
    const { url, token, recording, signal, suite } = this.#options;
    const address = new URL(url + path);
    for (const [name, value] of Object.entries({ countAll: 'true', ...query }))
      address.searchParams.set(name, String(value));
    const response = await fetch(address, {
      headers: { Authorization: token, Accept: 'application/json', 'User-Agent': 'sevdesk-data-platform certify' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const ask = `GET ${path} ${Object.keys(query).sort().join(' ')}`.trim();
    if (response.status === 401)
      throw new AuthenticationError({
        message: 'sevDesk refused the token: check SEVDESK_API_KEY; nothing more was sent',
      });
    if (response.status === 403) throw new NotPermitted('this user may not read it (403)');
    const body = response.ok ? await response.json().catch(() => undefined) : undefined;
    recording.add({ suite, ask, answer: { status: response.status, ...shapeOf(body) } });
    if (!response.ok) throw new Difference({ expected: 'status 200', came: `status ${response.status}` });
    if (!Array.isArray(body?.objects))
      throw new Difference({ expected: 'a list "objects"', came: body?.error ? 'an error with status 200' : 'none' });
    return { objects: body.objects, total: body.total, date: response.headers.get('date') };
  }
}

/** The fields of all objects with their JSON types, and the type of `total`. */
function shapeOf(body) {
  if (!Array.isArray(body?.objects)) return { objects: typeof body?.objects };
  const fields = {};
  for (const object of body.objects)
    for (const [name, value] of Object.entries(object ?? {}))
      fields[name] = [...new Set([...(fields[name] ?? []), typeOf(value)])].sort();
  return { total: typeof body.total, fields };
}

const typeOf = (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
