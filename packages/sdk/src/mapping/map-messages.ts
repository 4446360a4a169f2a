import { ProtocolError } from '../errors/protocol-error.js';
import { RecordError } from '../errors/record-error.js';
import type { JsonObject } from '../json/json-value.js';
import { exactnessOf, stringifyJson } from '../json/lossless.js';
import type { MessageHandler } from '../messages/message-parser.js';
import { exactRecord, type RecordBytes, type RecordLine } from '../messages/record-span.js';
import type { MappedStream, StreamMapper } from './mapped-stream.js';

/**
 * Applies stream maps to the messages a target reads. Streams that no map changes pass untouched, with the bytes of their
 * records; changed records are serialised again with all their digits.
 */
export function mapMessages(mapper: StreamMapper, next: MessageHandler): MessageHandler {
  const streams = new Map<string, readonly MappedStream[] | undefined>();
  return {
    schema(message, line, source) {
      const mapped = mapper(message);
      streams.set(message.stream, mapped);
      if (!mapped) {
        next.schema(message, line, source);
        return;
      }
      for (const { message: own } of mapped) {
        next.schema({ type: 'SCHEMA', ...own }, line, message.stream);
      }
    },
    record(record) {
      const mapped = streams.get(record.stream);
      if (!mapped) {
        next.record(record);
        return;
      }
      const exact = exactRecord(record);
      for (const stream of mapped) {
        const changed = mapAt(stream, exact, record.line);
        if (changed) next.record(recordLine(record, stream.message.stream, changed));
      }
    },
    ...(next.unreadable && {
      unreadable(error: RecordError, line: RecordBytes) {
        const [first] = streams.get(error.stream) ?? [];
        const named = first ? first.message.stream : error.stream;
        next.unreadable?.(named === error.stream ? error : renamed(error, named), line);
      },
    }),
    state: (message, line, text) => next.state(message, line, text),
    activateVersion(message, line) {
      const mapped = streams.get(message.stream);
      if (!mapped) {
        next.activateVersion(message, line);
        return;
      }
      for (const { message: own } of mapped) next.activateVersion({ ...message, stream: own.stream }, line);
    },
    batch(message, line) {
      if (!streams.get(message.stream)) {
        next.batch(message, line);
        return;
      }
      throw new ProtocolError({
        message: `line ${String(line)}: BATCH of stream "${message.stream}" cannot be changed by stream maps or flattening; let the tap send records`,
        line,
      });
    },
  };
}

const renamed = ({ message, line, property, cause }: RecordError, stream: string): RecordError =>
  new RecordError({ message, stream, line, property, cause });

function mapAt(stream: MappedStream, record: JsonObject, line: number): JsonObject | undefined {
  try {
    return stream.map(record);
  } catch (error) {
    if (!RecordError.isInstance(error)) throw error;
    throw new RecordError({
      message: `line ${String(line)}: ${error.message}`,
      stream: error.stream,
      line,
      property: error.property,
      cause: error,
    });
  }
}

function recordLine(source: RecordLine, stream: string, changed: JsonObject): RecordLine {
  const text = stringifyJson(changed);
  const buffer = Buffer.from(text);
  const exact = source.isExact(source.record);
  return {
    ...source,
    stream,
    // Checked as doubles, like records that come straight from the input.
    record: exact ? changed : (JSON.parse(text) as JsonObject),
    bytes: { buffer, start: 0, end: buffer.length },
    isExact: exact ? () => true : exactnessOf(text),
  };
}
