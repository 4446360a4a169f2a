import { randomBytes } from 'node:crypto';

/**
 * What is remembered of browsers, by an id that only they know, until it expires. It is kept in memory: a restart signs everyone out, and
 * nothing of a sign-in lies on a disk.
 */
export class Sessions<Content> {
  readonly #entries = new Map<string, { readonly content: Content; readonly expiresAt: number }>();

  constructor(private readonly options: { ttlMs: number; atMost: number; now: () => number }) {}

  open(content: Content): string {
    const { ttlMs, atMost, now } = this.options;
    for (const [id, { expiresAt }] of this.#entries) if (expiresAt <= now()) this.#entries.delete(id);
    // The oldest go first, so that nobody fills the memory by asking again and again.
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < atMost) break;
      this.#entries.delete(oldest);
    }
    const id = randomBytes(32).toString('base64url');
    this.#entries.set(id, { content, expiresAt: now() + ttlMs });
    return id;
  }

  find(id: string | undefined): Content | undefined {
    const entry = id === undefined ? undefined : this.#entries.get(id);
    return entry && entry.expiresAt > this.options.now() ? entry.content : undefined;
  }

  /** Forgets it, and gives what was there. */
  close(id: string | undefined): Content | undefined {
    const content = this.find(id);
    if (id !== undefined) this.#entries.delete(id);
    return content;
  }
}
