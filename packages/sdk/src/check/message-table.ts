import { isDeepStrictEqual } from 'node:util';
import { isExactNumber } from '../json/exact-number.js';
import { isJsonObject, type JsonValue } from '../json/json-value.js';
import { parseJson, stringifyJson } from '../json/lossless.js';
import type { MessageHandler } from '../messages/message-parser.js';
import type { ActivateVersionMessage, SchemaMessage } from '../messages/messages.js';
import { exactRecord, type RecordLine } from '../messages/record-span.js';

interface Table {
  schema: SchemaMessage | undefined;
  /** The last record of each key as canonical text; for streams without a key how often each record came. */
  readonly rows: Map<string, string>;
  /** The version that each row of {@link rows} came with last, or a greater one before. */
  readonly versions: Map<string, number>;
}

/**
 * What a target would hold after a file of messages: the last record of each key, without those of a version that is not
 * the active one any more. Held in memory: for looking into files.
 */
export class MessageTable implements MessageHandler {
  readonly #tables = new Map<string, Table>();

  /** How another file's outcome differs from this one's, a line each; empty when they come to the same. */
  differencesTo(other: MessageTable): string[] {
    const streams = new Set([...this.#tables.keys(), ...other.#tables.keys()]);
    return [...streams].flatMap((stream) => {
      const a = this.#tables.get(stream);
      const b = other.#tables.get(stream);
      if (!a || !b) return [`${stream}: only in ${a ? 'A' : 'B'}`];
      return [...schemaDifferences(a.schema, b.schema), ...rowDifferences(a.rows, b.rows)].map(
        (line) => `${stream}: ${line}`,
      );
    });
  }

  schema(message: SchemaMessage): void {
    this.#of(message.stream).schema = message;
  }

  record(record: RecordLine): void {
    const { stream, version } = record;
    const table = this.#of(stream);
    const exact = exactRecord(record);
    const text = stringifyJson(canonical(exact));
    const keys = table.schema?.key_properties ?? [];
    if (keys.length > 0) {
      const key = stringifyJson(canonical(Object.fromEntries(keys.map((name) => [name, exact[name]]))));
      table.rows.set(key, text);
      note(table, key, version);
    } else {
      table.rows.set(text, String(Number(table.rows.get(text) ?? 0) + 1));
      note(table, text, version);
    }
  }

  state(): void {
    // What a target holds does not depend on it.
  }

  activateVersion({ stream, version }: ActivateVersionMessage): void {
    const { rows, versions } = this.#of(stream);
    for (const key of rows.keys()) if ((versions.get(key) ?? -Infinity) < version) rows.delete(key);
  }

  batch(): void {
    // What is in the files of a BATCH is not looked into.
  }

  #of(stream: string): Table {
    const known = this.#tables.get(stream);
    if (known) return known;
    const table: Table = { schema: undefined, rows: new Map(), versions: new Map() };
    this.#tables.set(stream, table);
    return table;
  }
}

function note({ versions }: Table, key: string, version: number | undefined): void {
  if (version !== undefined) versions.set(key, Math.max(version, versions.get(key) ?? version));
}

function schemaDifferences(a: SchemaMessage | undefined, b: SchemaMessage | undefined): string[] {
  const lines: string[] = [];
  const properties = (message: SchemaMessage | undefined): Record<string, unknown> => message?.schema.properties ?? {};
  const names = new Set([...Object.keys(properties(a)), ...Object.keys(properties(b))]);
  for (const name of names) {
    const inA = Object.hasOwn(properties(a), name);
    const inB = Object.hasOwn(properties(b), name);
    if (inA !== inB) lines.push(`property "${name}" is described only in ${inA ? 'A' : 'B'}`);
    else if (!isDeepStrictEqual(properties(a)[name], properties(b)[name]))
      lines.push(`property "${name}" is described otherwise`);
  }
  if (!isDeepStrictEqual(a?.key_properties, b?.key_properties)) lines.push('the key properties differ');
  return lines;
}

function rowDifferences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  const lines: string[] = [];
  for (const [key, row] of a) {
    const other = b.get(key);
    if (other === undefined) lines.push(`${key} only in A`);
    else if (other !== row) lines.push(`${key} ${describeChange(row, other)}`);
  }
  for (const key of b.keys()) if (!a.has(key)) lines.push(`${key} only in B`);
  return lines;
}

function describeChange(a: string, b: string): string {
  const [first, second] = [parseJson(a), parseJson(b)];
  if (!isJsonObject(first) || !isJsonObject(second)) return `comes ${a} times in A, ${b} times in B`;
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  const changed = [...names].filter((name) => stringifyJson({ v: first[name] }) !== stringifyJson({ v: second[name] }));
  return `differs in ${changed.join(', ')}`;
}

/** The same value however it was written: properties in order, numbers by their value. */
function canonical(value: JsonValue | undefined): JsonValue {
  if (value === undefined || value === null || isExactNumber(value)) return value ?? null;
  if (Array.isArray(value)) return value.map(canonical);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([name, inner]) => [name, canonical(inner)]));
}
