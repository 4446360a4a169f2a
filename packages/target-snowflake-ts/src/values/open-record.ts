import { exactRecord, type JsonObject, type JsonValue, type RecordLine } from '@singer-io-ts/sdk';

/** A record whose exact numbers are looked up when they are asked for, once. */
export class OpenRecord {
  #exact: JsonObject | undefined;
  #exponents: boolean | undefined;
  #text: string | undefined;

  constructor(readonly line: RecordLine) {}

  /** Whether a value of the record is sure to say all that its text says. */
  isExact(value: JsonValue): boolean {
    return this.line.isExact(value);
  }

  /** Whether a number of the record may be written with an exponent. */
  get mayHaveExponents(): boolean {
    return (this.#exponents ??= /\d[eE][+-]?\d/.test(this.#textOf()));
  }

  /** The record with all digits of its numbers. */
  get exact(): JsonObject {
    return (this.#exact ??= exactRecord(this.line));
  }

  #textOf(): string {
    const { buffer, start, end } = this.line.bytes;
    return (this.#text ??= buffer.toString('utf8', start, end));
  }
}
