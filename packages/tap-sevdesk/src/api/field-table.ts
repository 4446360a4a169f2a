import type { FieldRule, RecordShape } from './record-shape.js';
import { skipString } from './scan-json.js';

/** What is known about a field of an answer, by the bytes of its key. */
export interface Field {
  /** The key as written in the text: `"name":`. */
  key: Buffer;
  /** The same, four bytes at a time; what is left over is compared byte by byte. */
  words: Int32Array;
  rule: FieldRule | 'additional' | 'excluded';
  /** What the row is known by. */
  role: 'id' | 'created' | 'updated' | 'dated' | 'parent' | undefined;
  /** For references: `"name_id":` and `,"name_objectName":`. */
  idKey: Buffer;
  objectNameKey: Buffer;
  /** The field that followed last time, which is most likely to follow again. */
  next: Field | undefined;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** The fields of one kind of object. Objects of a kind have their fields in the same order, so looking one up is a comparison. */
export class FieldTable {
  readonly dates: RecordShape['dates'];
  readonly #fields = new Map<string, Field>();
  readonly #shape: RecordShape;
  /** The field that objects begin with. */
  first: Field | undefined;
  #before: Field | undefined;

  constructor(shape: RecordShape) {
    this.#shape = shape;
    this.dates = shape.dates;
  }

  /**
   * The field whose key begins at `at`; undefined where no plain key stands there.
   *
   * @param words the same bytes as `body`; keys are nearly half of an answer, so comparing them is worth some care
   */
  at(body: Buffer, words: DataView, at: number, expected: Field | undefined): Field | undefined {
    const field = expected && matches(body, words, at, expected) ? expected : this.#lookUp(body, at);
    if (field && field !== expected) {
      if (this.#before) this.#before.next = field;
      else this.first = field;
    }
    this.#before = field;
    return field;
  }

  /** Tells that an object begins. */
  begin(): Field | undefined {
    this.#before = undefined;
    return this.first;
  }

  #lookUp(body: Buffer, at: number): Field | undefined {
    if (body[at] !== QUOTE) return undefined;
    const end = skipString(body, at);
    if (end < 0 || body[end] !== COLON) return undefined;
    const text = body.toString('utf8', at + 1, end - 1);
    let field = this.#fields.get(text);
    if (field) return field;
    // A key with an escape may be one that is known, spelled otherwise.
    if (body.subarray(at, end).includes(BACKSLASH)) return undefined;
    this.#fields.set(text, (field = this.#make(text, Buffer.from(body.subarray(at, end + 1)))));
    return field;
  }

  #make(name: string, key: Buffer): Field {
    const { rules, excluded } = this.#shape;
    return {
      key,
      words: wordsOf(key),
      rule: excluded.has(name) ? 'excluded' : (rules.get(name) ?? 'additional'),
      role: this.#roleOf(name),
      idKey: Buffer.from(`${JSON.stringify(`${name}_id`)}:`),
      objectNameKey: Buffer.from(`,${JSON.stringify(`${name}_objectName`)}:`),
      next: undefined,
    };
  }

  #roleOf(name: string): Field['role'] {
    const { key, parentField, dateField } = this.#shape;
    if (name === key) return 'id';
    if (name === 'create') return 'created';
    if (name === 'update') return 'updated';
    if (name === dateField) return 'dated';
    return name === parentField ? 'parent' : undefined;
  }
}

function wordsOf(key: Buffer): Int32Array {
  return Int32Array.from({ length: key.length >> 2 }, (_, i) => key.readInt32LE(i * 4));
}

function matches(body: Buffer, view: DataView, at: number, { key, words }: Field): boolean {
  const count = words.length;
  if (at + key.length > body.length) return false;
  for (let i = 0; i < count; i += 1) if (view.getInt32(at + i * 4, true) !== words[i]) return false;
  for (let i = count * 4; i < key.length; i += 1) if (body[at + i] !== key[i]) return false;
  return true;
}
