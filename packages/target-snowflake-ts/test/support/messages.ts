/** What the SCHEMA messages of a stream say unless a test changes it. */
interface Definition {
  properties: object;
  /** @default ['id'] */
  key_properties?: string[];
  bookmark_properties?: string[];
}

/** Writes the Singer messages of one stream. */
export interface StreamMessages {
  /** A SCHEMA message. `properties` are added to those of the stream, the title is that of its JSON schema; other fields replace its own. */
  schema: (more?: { properties?: object; title?: string; [field: string]: unknown }) => { schema: object };
  /** A RECORD message. `more` are fields of the message, such as its version. */
  record: (record: object, more?: object) => object;
  activateVersion: (version: number) => object;
  /** A BATCH message of JSON lines files. */
  batch: (manifest: readonly string[], compression?: 'gzip' | 'none') => object;
}

export function messagesOf(stream: string, { properties, ...definition }: Definition): StreamMessages {
  return {
    schema: ({ properties: added = {}, title, ...more } = {}) => ({
      type: 'SCHEMA',
      stream,
      key_properties: ['id'],
      ...definition,
      schema: { type: 'object', title, properties: { ...properties, ...added } },
      ...more,
    }),
    record: (record, more = {}) => ({ type: 'RECORD', stream, record, ...more }),
    activateVersion: (version) => ({ type: 'ACTIVATE_VERSION', stream, version }),
    batch: (manifest, compression) => ({
      type: 'BATCH',
      stream,
      encoding: { format: 'jsonl', ...(compression ? { compression } : {}) },
      manifest,
    }),
  };
}

export const state = (value: unknown): { type: 'STATE'; value: unknown } => ({ type: 'STATE', value });
