import { Writable } from 'node:stream';

/** An output that takes everything and keeps nothing, for trying a tap. */
export function discardingOutput(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
