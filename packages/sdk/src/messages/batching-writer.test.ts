import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { BatchingWriter, type BatchFiles } from './batching-writer.js';
import type { BatchMessage, Message } from './messages.js';

describe('BatchingWriter', () => {
  let folder: string;
  let text: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'batches-'));
    text = '';
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const writer = (changes: Partial<BatchFiles> = {}): BatchingWriter => {
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString();
        done();
      },
    });
    return new BatchingWriter(output, {
      folder: path.join(folder, 'new'),
      prefix: 'run1-',
      compression: 'gzip',
      maxRecords: 2,
      ...changes,
    });
  };
  const messages = (): Message[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Message);
  const recordsOf = ({ manifest, encoding }: BatchMessage): unknown[] =>
    manifest.flatMap((address) => {
      const bytes = readFileSync(fileURLToPath(address));
      const lines = (encoding.compression === 'gzip' ? gunzipSync(bytes) : bytes).toString();
      return lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
    });

  it('puts records into files that are whole before they are named, and before any STATE', async () => {
    const own = writer();
    own.schema({ stream: 'a/ü', schema: { properties: {} }, key_properties: [] });
    own.record('a/ü', { id: 1 });
    own.record('b', { id: 2 });
    own.record('a/ü', { id: 3 });
    own.recordBytes('a/ü', { buffer: Buffer.from('x{"id":4}x'), start: 1, end: 9 });
    expect(readdirSync(path.join(folder, 'new'))).toHaveLength(1);
    own.state({ at: 4 });
    await own.flush();
    const seen = messages();
    expect(seen.map((message) => ('stream' in message ? `${message.type} ${message.stream}` : message.type))).toEqual([
      'SCHEMA a/ü',
      'BATCH a/ü',
      'BATCH b',
      'BATCH a/ü',
      'STATE',
    ]);
    const batches = seen.filter((message): message is BatchMessage => message.type === 'BATCH');
    expect(batches.map(recordsOf)).toEqual([[{ id: 1 }, { id: 3 }], [{ id: 2 }], [{ id: 4 }]]);
    expect(batches[0]!.encoding).toEqual({ format: 'jsonl', compression: 'gzip' });
  });

  it('closes a stream’s file before its SCHEMA changes, and all at the end', async () => {
    const own = writer({ compression: 'none', maxRecords: 100 });
    own.record('a', { id: 1 });
    own.schema({ stream: 'a', schema: { properties: {} }, key_properties: [] });
    own.record('a', { id: 2 });
    await own.flush();
    expect(messages().map(({ type }) => type)).toEqual(['BATCH', 'SCHEMA', 'BATCH']);
    expect(messages().flatMap((message) => (message.type === 'BATCH' ? recordsOf(message) : []))).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  });

  it('leaves versioned records as messages: files carry no versions', async () => {
    const own = writer();
    own.record('a', { id: 1 });
    own.record('a', { id: 2 }, { version: 7 });
    own.activateVersion('a', 7);
    await own.flush();
    expect(messages().map(({ type }) => type)).toEqual(['BATCH', 'RECORD', 'ACTIVATE_VERSION']);
  });

  it('names the setting when its folder takes no files', () => {
    writeFileSync(path.join(folder, 'file'), '');
    const batches = writer({ folder: path.join(folder, 'file', 'x'), maxRecords: 1 });
    expect(() => batches.record('a', { id: 1 })).toThrow(
      /"batch_config\.storage\.root" must be a folder that can be written to; it is .* \(ENOTDIR\)/,
    );
  });
});
