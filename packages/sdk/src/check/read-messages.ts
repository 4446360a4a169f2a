import type { Readable } from 'node:stream';
import { LineSplitter } from '../messages/line-splitter.js';
import { MessageParser, type MessageHandler } from '../messages/message-parser.js';

const MAX_LINE_BYTES = 128 * 1024 * 1024;

/**
 * Reads all messages of an input.
 *
 * @throws {ProtocolError} at the first line that is no message
 */
export async function readMessages(input: Readable, handler: MessageHandler): Promise<void> {
  const parser = new MessageParser(handler);
  const splitter = new LineSplitter({ maxLineBytes: MAX_LINE_BYTES, onLine: parser.parse.bind(parser) });
  for await (const chunk of input as AsyncIterable<Buffer | string>) splitter.push(Buffer.from(chunk));
  splitter.end();
}
