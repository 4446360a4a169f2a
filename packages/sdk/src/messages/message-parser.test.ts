import fc from 'fast-check';
import { parseJson } from '../json/lossless.js';
import { MessageParser } from './message-parser.js';

/** Parses lines and gives what the handler got; records with the text of their bytes. */
function parse(...lines: string[]): unknown[] {
  const seen: unknown[] = [];
  const parser = new MessageParser({
    schema: (message) => void seen.push(message),
    record: ({ bytes, isExact, ...rest }) =>
      void seen.push({
        ...rest,
        exact: isExact(rest.record),
        text: bytes.buffer.toString('utf8', bytes.start, bytes.end),
      }),
    state: (message) => void seen.push(message),
    activateVersion: (message) => void seen.push(message),
    batch: (message) => void seen.push(message),
  });
  // Lines stand inside a larger buffer, as they do when a chunk is split.
  const filler = 'ü…';
  lines.forEach((line, i) => {
    const buffer = Buffer.from(filler + line + filler);
    parser.parse(buffer, Buffer.byteLength(filler), buffer.length - Buffer.byteLength(filler), i + 1);
  });
  return seen;
}

const textsOf = (lines: string[]): string[] => parse(...lines).map((seen) => (seen as { text: string }).text);

// Producers differ in spaces, in escapes, in the order of properties and in what they add.
const space = fc.constantFrom('', ' ', '\t', '  ');
const escapeAll = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const key = fc.oneof(
  fc.constantFrom('record', 'stream', 'type', 'time_extracted', 'id', '__proto__', '}', '{"record":{', 'ä}"'),
  fc.string({ unit: 'grapheme' }),
);
const json = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1.5, 1e300, '}', '}}', '"},"version":1}', '\\', '\\"', 'x\\u0072'),
    fc.string({ unit: 'grapheme' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
}));

const message = fc
  .record({
    stream: fc.constantFrom('invoices', 'Überweisungen', 'a"b', '}', '流'),
    record: json.object,
    space,
    indent: fc.constantFrom(undefined, 1),
    order: fc.shuffledSubarray(['type', 'stream', 'record', 'version', 'time_extracted', 'extra', 'note'], {
      minLength: 7,
    }),
    skip: fc.subarray(['version', 'time_extracted', 'extra', 'note']),
    usual: fc.boolean(),
    extra: json.value,
    ascii: fc.boolean(),
  })
  .map(({ stream, record, space: s, indent, order, skip, usual, extra, ascii }) => {
    const recordText = JSON.stringify(record, undefined, indent).replaceAll('\n', ' ');
    const texts: Record<string, string> = {
      type: '"RECORD"',
      stream: JSON.stringify(stream),
      record: recordText,
      version: '17',
      time_extracted: '"2026-01-01T00:00:00Z"',
      extra: JSON.stringify(extra),
      note: '"},\\"version\\":1}"',
    };
    const names = (usual ? ['type', 'stream', 'record', 'version', 'time_extracted'] : order).filter(
      (name) => !skip.includes(name),
    );
    const line = `{${names.map((name) => `${s}"${name}"${s}:${s}${texts[name]!}${s}`).join(',')}}${s}`;
    return ascii ? { line: escapeAll(line), text: escapeAll(recordText) } : { line, text: recordText };
  });

describe('MessageParser', () => {
  it('keeps the bytes of every record exactly, whatever way its producer writes', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 6 }), (messages) => {
        expect(textsOf(messages.map(({ line }) => line))).toEqual(messages.map(({ text }) => text));
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['an object after the record', '{"a":1}', ',"extra":{"b":2}}'],
    ['a second record, of which the last counts', '{"b":2}', '}', '{"a":1},"record":'],
    ['a number as a first record', '{"b":2}', '}', '1,"record":'],
    ['a brace in a string that ends the record', '{"a":"}"}', '}'],
    ['a second record under an escaped name', '{"b":2}', '}', '{"a":1},"\\u0072ecord":'],
    ['a brace in a string after the record', '{"a":1}', ',"note":"}"}'],
    ['an object as time_extracted', '{"a":1}', ',"time_extracted":{}}'],
    ['a nested property named record', '{"record":{"record":{}}}', '}'],
    ['an empty record', '{}', '}'],
  ])('is not misled by %s after it has learnt how a stream looks', (_title, record, after, before = '') => {
    const prefix = '{"type":"RECORD","stream":"s","record":';
    const plain = `${prefix}{"a":1}}`;
    expect(textsOf([plain, plain, `${prefix}${before}${record}${after}`, plain])).toEqual([
      '{"a":1}',
      '{"a":1}',
      record,
      '{"a":1}',
    ]);
  });

  it('finds a record that comes after time_extracted and version', () => {
    const line =
      '{"type":"RECORD","time_extracted":"2026-01-01T00:00:00Z","version":3,"stream":"s","record": {"a": 1} }';
    expect(parse(line)).toEqual([
      expect.objectContaining({ text: '{"a": 1}', version: 3, timeExtracted: '2026-01-01T00:00:00Z' }),
    ]);
  });

  it('tells which lines hold numbers that doubles lose digits of', () => {
    const lines = ['12345678901234567890', '0.1', '1.234567890123456789'].map(
      (n) => `{"type":"RECORD","stream":"s","record":{"n":${n}}}`,
    );
    expect(parse(...lines).map((seen) => (seen as { exact: boolean }).exact)).toEqual([false, true, false]);
  });

  it('hands a state on with all its digits', () => {
    expect(parse('{"type":"STATE","value":{"id":12345678901234567890}}')).toEqual([
      { type: 'STATE', value: parseJson('{"id":12345678901234567890}') },
    ]);
  });

  it('takes a replication key given as a name or null, as some taps do', () => {
    const schema = (bookmark: string): string =>
      `{"type":"SCHEMA","stream":"s","schema":{"properties":{}},"key_properties":[],"bookmark_properties":${bookmark}}`;
    expect(parse(schema('"at"'), schema('null'))).toEqual([
      expect.objectContaining({ bookmark_properties: ['at'] }),
      expect.not.objectContaining({ bookmark_properties: expect.anything() }),
    ]);
  });

  it.each([
    ['no JSON', 'hello', 'is not valid JSON'],
    ['a list', '[]', 'a Singer message is a JSON object'],
    ['a message of no type', '{}', 'no "type" that Singer knows'],
    ['an unknown type', '{"type":"ROW"}', 'no "type" that Singer knows'],
    ['RECORD without stream', '{"type":"RECORD","record":{}}', 'RECORD has no "stream"'],
    ['RECORD without record', '{"type":"RECORD","stream":"s"}', 'has no "record" object'],
    ['RECORD with a list', '{"type":"RECORD","stream":"s","record":[]}', 'has no "record" object'],
    ['RECORD with a version in words', '{"type":"RECORD","stream":"s","record":{},"version":"a"}', '"version"'],
    ['SCHEMA without stream', '{"type":"SCHEMA","schema":{"properties":{}}}', 'SCHEMA has no "stream"'],
    ['SCHEMA without schema', '{"type":"SCHEMA","stream":"s"}', 'has no "schema" object'],
    [
      'SCHEMA with a list of properties',
      '{"type":"SCHEMA","stream":"s","schema":{"type":"object","properties":["a"]}}',
      '"properties" must be an object',
    ],
    [
      'NaN',
      '{"type":"RECORD","stream":"pumps","record":{"note":"NaN \\"x\\": Infinity","flow":NaN}}',
      'line 1 holds NaN in property "flow" of stream "pumps", which JSON does not have',
    ],
    ['-Infinity in a list', '{"type":"STATE","value":[1,-Infinity]}', 'holds -Infinity, which JSON does not have'],
    ['half a line', '{"type":"STATE","value":{"a":"NaN', 'is not valid JSON'],
    [
      'SCHEMA with bad keys',
      '{"type":"SCHEMA","stream":"s","schema":{"properties":{}},"key_properties":[1]}',
      'key_properties',
    ],
    ['STATE without value', '{"type":"STATE"}', 'STATE has no "value"'],
    ['ACTIVATE_VERSION without version', '{"type":"ACTIVATE_VERSION","stream":"s"}', 'no integer "version"'],
    [
      'BATCH of parquet',
      '{"type":"BATCH","stream":"s","manifest":[],"encoding":{"format":"parquet"}}',
      'only the encoding jsonl',
    ],
    [
      'half a surrogate pair',
      '{"type":"RECORD","stream":"s","record":{"a":"x","b":["\\ud800"]}}',
      'stream "s", property "b": a string holds half of a surrogate pair',
    ],
    [
      'half a surrogate pair in a name',
      '{"type":"RECORD","stream":"s","record":{"\\ud800":1}}',
      'stream "s": a string',
    ],
    ['half a surrogate pair in a STATE', '{"type":"STATE","value":"\\ud800"}', 'line 1: a string holds half'],
  ])('refuses %s, naming the line', (_title, line, reason) => {
    expect(() => parse(line)).toThrow(expect.objectContaining({ code: 'PROTOCOL', line: 1 }));
    expect(() => parse(line)).toThrow(reason);
  });

  it.each(['', ',"key_properties":null', ',"key_properties":[]'])('takes a SCHEMA without a key (%s)', (keys) => {
    expect(parse(`{"type":"SCHEMA","stream":"s","schema":{"properties":{}}${keys}}`)).toMatchObject([
      { key_properties: [] },
    ]);
  });

  it('takes a SCHEMA without properties', () => {
    expect(parse('{"type":"SCHEMA","stream":"s","schema":{"type":"object"}}')).toMatchObject([{ stream: 's' }]);
  });

  it('hands on the text of a state as it came, however deep and however long its numbers', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    const text = `{"a": ${deep}, "n": 12345678901234567890.50}`;
    const line = Buffer.from(`{"value": ${text}, "type": "STATE"}`);
    const seen: string[] = [];
    const never = (): never => {
      throw new Error('not asked for');
    };
    const handler = { schema: never, record: never, activateVersion: never, batch: never };
    new MessageParser({ ...handler, state: (_message, _line, state) => void seen.push(state) }).parse(
      line,
      0,
      line.length,
      1,
    );
    expect(seen).toEqual([text]);
  });

  it('says which line is nested too deeply for what comes after it', () => {
    const overflow = (): void => void JSON.stringify(JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)));
    const never = (): never => {
      throw new Error('not asked for');
    };
    const line = Buffer.from('{"type":"SCHEMA","stream":"s","schema":{}}');
    const parser = new MessageParser({
      schema: overflow,
      record: never,
      state: never,
      activateVersion: never,
      batch: never,
    });
    expect(() => parser.parse(line, 0, line.length, 9)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL', line: 9, message: expect.stringContaining('nested too deeply') }),
    );
  });

  it('never quotes the line in a message', () => {
    expect(() => parse('{"type":"RECORD","secret":"hunter2')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});
