import { Writable } from 'node:stream';
import fc from 'fast-check';
import type { JsonObject } from '../json/json-value.js';
import { parseJson, stringifyJson } from '../json/lossless.js';
import { MessageParser } from './message-parser.js';
import { MessageWriter } from './message-writer.js';

/** An output that takes what it is given only when told to. */
class SlowOutput extends Writable {
  text = '';
  #release: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 1024 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.#release = done;
  }

  release(): void {
    this.#release?.();
  }
}

class QuickOutput extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

describe('MessageWriter', () => {
  it('writes records that come as bytes as it writes others, whatever stands between them', async () => {
    const message = fc.oneof(
      fc.record({
        kind: fc.constantFrom('text', 'bytes'),
        stream: fc.constantFrom('a', 'ü'),
        size: fc.constantFrom(1, 500, 70_000, 300_000),
        version: fc.option(fc.nat(), { nil: undefined }),
      }),
      fc.record({ kind: fc.constant('state'), size: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 12 }), async (messages) => {
        const expected = new QuickOutput();
        const output = new QuickOutput();
        const plain = new MessageWriter(expected);
        const mixed = new MessageWriter(output);
        for (const one of messages) {
          for (const writer of [plain, mixed]) {
            if (!('stream' in one)) writer.state({ n: one.size });
            else {
              const record = { name: 'é'.repeat(one.size) };
              const bytes = Buffer.from(`xx${JSON.stringify(record)}yyy`);
              const options = { version: one.version, timeExtracted: '2026-01-01T00:00:00Z' };
              if (one.kind === 'bytes' && writer === mixed)
                writer.recordBytes(one.stream, { buffer: bytes, start: 2, end: bytes.length - 3 }, options);
              else writer.record(one.stream, record, options);
              // What was handed over may be used again at once.
              bytes.fill(0);
            }
          }
        }
        await plain.flush();
        await mixed.flush();
        expect(output.text).toBe(expected.text);
      }),
      { numRuns: 50 },
    );
  });

  it('writes what the parser reads back as it was', async () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(name, fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), async (stream, record, version) => {
        const output = new QuickOutput();
        const writer = new MessageWriter(output);
        const value = JSON.parse(JSON.stringify(record)) as JsonObject;
        const schema = { type: 'object' as const, properties: { a: {} } };
        writer.schema({ stream, schema, key_properties: ['a'], bookmark_properties: ['b'] });
        writer.record(stream, value, { version, timeExtracted: '2026-01-01T00:00:00Z' });
        writer.activateVersion(stream, version);
        writer.batch({ stream, encoding: { format: 'jsonl', compression: 'gzip' }, manifest: ['file:///a'] });
        writer.state({ bookmarks: value });
        await writer.flush();
        const seen: unknown[] = [];
        const parser = new MessageParser({
          schema: (message) => void seen.push(message),
          record: ({ record: read, version: v, timeExtracted }) => void seen.push({ read, v, timeExtracted }),
          state: (message) => void seen.push(message),
          activateVersion: (message) => void seen.push(message),
          batch: (message) => void seen.push(message),
        });
        output.text
          .split('\n')
          .slice(0, -1)
          .forEach((line, i) => parser.parse(Buffer.from(line), 0, Buffer.byteLength(line), i + 1));
        expect(seen).toEqual([
          { type: 'SCHEMA', stream, schema, key_properties: ['a'], bookmark_properties: ['b'] },
          { read: value, v: version, timeExtracted: '2026-01-01T00:00:00Z' },
          { type: 'ACTIVATE_VERSION', stream, version },
          { type: 'BATCH', stream, encoding: { format: 'jsonl', compression: 'gzip' }, manifest: ['file:///a'] },
          { type: 'STATE', value: { bookmarks: value } },
        ]);
      }),
    );
  });

  it('keeps the digits of long numbers', async () => {
    const output = new QuickOutput();
    const writer = new MessageWriter(output);
    writer.record('s', parseJson('{"n":12345678901234567890.123}') as JsonObject);
    await writer.flush();
    expect(output.text).toBe('{"type":"RECORD","stream":"s","record":{"n":12345678901234567890.123}}\n');
  });

  it('is not ready while the output is full, and holds no more than a block meanwhile', async () => {
    const output = new SlowOutput();
    const writer = new MessageWriter(output);
    writer.record('s', { text: 'x'.repeat(70_000) });
    let ready = false;
    const waiting = writer.ready().then(() => (ready = true));
    await new Promise(setImmediate);
    expect(ready).toBe(false);
    output.release();
    await waiting;
    expect(ready).toBe(true);
    expect(output.writableLength).toBe(0);
  });

  it('hands a STATE on at once, with everything before it', () => {
    const output = new QuickOutput();
    const writer = new MessageWriter(output);
    writer.record('s', { id: 1 });
    expect(output.text).toBe('');
    writer.state({ bookmarks: { s: { id: 1 } } });
    expect(output.text).toBe(
      `{"type":"RECORD","stream":"s","record":{"id":1}}\n${stringifyJson({ type: 'STATE', value: { bookmarks: { s: { id: 1 } } } })}\n`,
    );
  });

  it('stops the producer when the reader has gone', async () => {
    const output = new Writable({ write: (_c, _e, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })) });
    const writer = new MessageWriter(output);
    writer.state({});
    await expect(writer.flush()).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(writer.ready()).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(() => writer.record('s', {})).toThrow(expect.objectContaining({ code: 'INTERRUPTED' }));
  });

  it('wakes a producer that waits for an output that dies', async () => {
    const output = new SlowOutput();
    const writer = new MessageWriter(output);
    writer.record('s', { text: 'x'.repeat(70_000) });
    const waiting = writer.ready();
    output.destroy(new Error('gone'));
    await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
