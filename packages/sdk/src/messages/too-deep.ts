import { ProtocolError } from '../errors/protocol-error.js';

/** V8's word for recursion that went too deep; there is no code to go by. */
export const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.includes('call stack');

export const tooDeep = (line: number, cause: unknown): ProtocolError =>
  new ProtocolError({
    message: `line ${String(line)}: the message is nested too deeply to be read; let the tap send the deep part as a text`,
    line,
    cause,
  });
