import { ProtocolError } from '../errors/protocol-error.js';
import { RecordError } from '../errors/record-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { isWellFormedJson } from '../json/well-formed.js';
import { describeNoNumber } from './not-json.js';
import { isStackOverflow, tooDeep } from './too-deep.js';

/** Where a bare record stands. */
export interface BareRecordPlace {
  stream: string;
  /** Its line in the file, from 1. */
  line: number;
}

/**
 * Reads a record that is a line by itself, as in the files of BATCH messages, with the checks that the record of a RECORD message gets.
 *
 * @throws {RecordError} when it is a record that cannot be taken, such as one with NaN
 * @throws {ProtocolError} when it is not JSON at all: the file may be cut off
 */
export function parseBareRecord(text: string, { stream, line }: BareRecordPlace): JsonObject {
  const refuse = (what: string, property?: string, cause?: unknown): never => {
    throw new RecordError({ message: `line ${line} ${what}`, stream, line, property, cause });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (isStackOverflow(cause)) throw tooDeep(line, cause);
    const found = describeNoNumber(text);
    if (found) return refuse(found.message, found.property, cause);
    throw new ProtocolError({ message: `line ${line} is not valid JSON`, line, cause });
  }
  if (!isJsonObject(value)) return refuse('is not a JSON object');
  if (!isWellFormedJson(text, value))
    return refuse('has a string with half of a surrogate pair, which is no character');
  return value;
}
