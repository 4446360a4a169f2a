import { Writable } from 'node:stream';
import { MessageChecker } from '../check/message-checker.js';
import { ProtocolError } from '../errors/protocol-error.js';

/** An output that checks what it takes and keeps nothing else, for trying whether records fit their schemas. */
export function checkingOutput(): { output: Writable; throwIfWrong: () => void } {
  const checker = new MessageChecker();
  return {
    output: new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        checker.push(chunk);
        done();
      },
    }),
    throwIfWrong: () => {
      const [first, ...others] = checker.problems;
      if (!first) return;
      const more = others.length === 0 ? '' : ` (and ${String(others.length)} more)`;
      throw new ProtocolError({ message: `${first.message}${more}` });
    },
  };
}
