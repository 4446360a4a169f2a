/** A record as a target keeps it. */
export interface StoredRecord {
  record: Record<string, unknown>;
  version: number | undefined;
}

/** Applies Singer messages as a target does: upsert by id, the greatest version wins, activation removes what is older. */
export class Warehouse {
  readonly tables = new Map<string, Map<string, StoredRecord>>();
  state: Record<string, unknown> | undefined;
  /** Records received, by stream. */
  readonly received = new Map<string, number>();
  readonly activated = new Map<string, number>();
  readonly schemas = new Map<string, Record<string, unknown>>();

  apply(lines: Iterable<string>): this {
    for (const line of lines) if (line !== '') this.#message(JSON.parse(line) as Message);
    return this;
  }

  table(stream: string): Map<string, StoredRecord> {
    let table = this.tables.get(stream);
    if (!table) this.tables.set(stream, (table = new Map()));
    return table;
  }

  #message(message: Message): void {
    if (message.type === 'SCHEMA') this.schemas.set(message.stream, message.schema);
    else if (message.type === 'STATE') this.state = message.value;
    else if (message.type === 'RECORD') {
      const { stream, record, version } = message;
      const table = this.table(stream);
      const id = String(record['id']);
      const before = table.get(id)?.version ?? 0;
      table.set(id, { record, version: Math.max(version ?? 0, before) });
      this.received.set(stream, (this.received.get(stream) ?? 0) + 1);
    } else {
      this.activated.set(message.stream, message.version);
      for (const [id, { version }] of this.table(message.stream)) {
        if (version === undefined || version < message.version) this.table(message.stream).delete(id);
      }
    }
  }
}

type Message =
  | { type: 'SCHEMA'; stream: string; schema: Record<string, unknown> }
  | { type: 'RECORD'; stream: string; record: Record<string, unknown>; version?: number }
  | { type: 'STATE'; value: Record<string, unknown> }
  | { type: 'ACTIVATE_VERSION'; stream: string; version: number };
