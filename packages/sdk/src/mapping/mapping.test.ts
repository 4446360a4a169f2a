import type { JsonObject } from '../json/json-value.js';
import { parseJson, stringifyJson } from '../json/lossless.js';
import type { SchemaMessage } from '../messages/messages.js';
import { createMapper } from './create-mapper.js';
import type { MappedStream } from './mapped-stream.js';
import { readMappingSettings } from './mapping-settings.js';

const invoices: Omit<SchemaMessage, 'type'> = {
  stream: 'invoices',
  key_properties: ['id'],
  bookmark_properties: ['updated'],
  schema: {
    type: 'object',
    required: ['id', 'email'],
    properties: {
      id: { type: 'integer' },
      email: { type: ['string', 'null'] },
      net: { type: ['number', 'null'] },
      tax: { type: ['number', 'null'] },
      count: { type: ['integer', 'null'] },
      updated: { type: 'string', format: 'date-time' },
      address: { type: ['object', 'null'], properties: { city: { type: 'string' }, zip: { type: 'string' } } },
      tags: { type: ['array', 'null'] },
      in: { type: 'string' },
    },
  },
};
const record: JsonObject = {
  id: 7,
  email: 'a@b.c',
  net: 10,
  tax: 1.9,
  count: 5,
  updated: '2026-01-01T00:00:00Z',
  address: { city: 'Bonn', zip: '53111' },
  tags: ['x'],
  in: 'y',
};

function mapped(config: JsonObject, source = invoices): readonly MappedStream[] | undefined {
  const settings = readMappingSettings(config);
  return settings && createMapper(settings)(source);
}
const withMap = (map: JsonObject, config: JsonObject = {}): MappedStream => {
  const [first] = mapped({ stream_maps: { invoices: map }, ...config })!;
  return first!;
};
/** The value and the schema that an expression gives. */
const compute = (expression: string, of: JsonObject = record, config: JsonObject = {}): [unknown, unknown] => {
  const stream = withMap({ out: expression }, { stream_map_config: config });
  return [stream.map(of)!['out'], stream.message.schema.properties!['out']];
};
const nullable = (type: string): object => ({ type: [type, 'null'] });

describe('an expression', () => {
  it.each([
    ['net + tax', 11.9, nullable('number')],
    ['net / 4', 2.5, nullable('number')],
    ['count / 2', 2, nullable('integer')],
    ['count * 2.5', 12.5, nullable('number')],
    ['email + "!"', 'a@b.c!', nullable('string')],
    ["email.split('@')[0]", 'a', expect.anything()],
    ['md5(email)', '5d60d4e28066df254d5452f92c910092', nullable('string')],
    ['sha256(string(id))', '7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451', nullable('string')],
    ['net > 5.0 ? "big" : "small"', 'big', nullable('string')],
    ['"x" in tags', true, nullable('boolean')],
    ['address.city', 'Bonn', expect.anything()],
    ['record["in"] + "z"', 'yz', expect.anything()],
    ['size(tags)', 1, nullable('integer')],
    ['"constant"', 'constant', nullable('string')],
    ['42', 42, nullable('integer')],
    ['timestamp(updated)', '2026-01-01T00:00:00.000Z', { type: ['string', 'null'], format: 'date-time' }],
    ['__original_stream_name__', 'invoices', nullable('string')],
    ['float("1.5")', 1.5, nullable('number')],
    ['str(net)', '10', nullable('string')],
    ['json(address)', '{"city":"Bonn","zip":"53111"}', nullable('string')],
    ['config.salt + email', 'salta@b.c', nullable('string')],
  ])('%s', (expression, value, schema) => {
    expect(compute(expression, record, { salt: 'salt' })).toEqual([value, schema]);
  });

  it('that is a mere reference keeps the value with all its digits, and its schema', () => {
    const exact = parseJson('{"id":1,"net":1234567890.123456789012}') as JsonObject;
    for (const expression of ['net', ' record.net ', '_["net"]', "record['net']"]) {
      const [value, schema] = compute(expression, exact);
      expect(stringifyJson({ value: value as never })).toBe('{"value":1234567890.123456789012}');
      expect(schema).toEqual({ type: ['number', 'null'] });
    }
  });

  it('computes whole numbers past 2^53 exactly', () => {
    const [value] = compute('count + 1', parseJson('{"id":1,"count":9007199254740993}') as JsonObject);
    expect(String(value)).toBe('9007199254740994');
  });

  it('sees null where a record lacks a property', () => {
    expect(compute('tags == null', { id: 1 })[0]).toBe(true);
    expect(compute('md5(email)', { id: 1 })[0]).toBeNull();
  });

  it('reads the value it replaces as self', () => {
    expect(withMap({ email: 'self + "x"' }).map(record)!['email']).toBe('a@b.cx');
  });

  it.each([
    ['email +', 'is no valid expression'],
    ['emial', 'Unknown variable: emial'],
    ['a_function(email)', 'no'],
    ['email == None and count > 1', 'expressions are CEL'],
    ['process.exit(1)', 'Unknown variable: process'],
    ['this.constructor', 'Unknown variable: this'],
    ['email.constructor("return 1")()', 'stream_maps.invoices.out'],
  ])('that is none is refused before anything is read: %s', (expression, reason) => {
    expect(() => compute(expression)).toThrow(expect.objectContaining({ code: 'CONFIG', exitCode: 2 }));
    expect(() => compute(expression)).toThrow(reason);
  });

  it('that a record does not allow ends the run, naming setting and stream and no value', () => {
    expect(() => compute('net + 1.0', { id: 1, email: 'secret' })).toThrow(
      expect.objectContaining({
        code: 'RECORD',
        message: expect.stringMatching(
          /^setting "stream_maps\.invoices\.out" cannot be applied to a record of stream "invoices": no such overload/,
        ),
      }),
    );
    expect(() => compute('int(email)', { id: 1, email: 'secret' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});

describe('a stream map', () => {
  it('renames, drops and adds, in the schema and in records, and leaves the record it is given alone', () => {
    const before = structuredClone(record);
    const stream = withMap({ mail: 'email', email: null, tags: '__NULL__', source: '"sevdesk"' });
    const { email: _email, tags: _tags, ...rest } = record;
    expect(stream.map(record)).toEqual({ ...rest, mail: 'a@b.c', source: 'sevdesk' });
    expect(Object.keys(stream.message.schema.properties!)).toEqual([
      'id',
      'net',
      'tax',
      'count',
      'updated',
      'address',
      'in',
      'mail',
      'source',
    ]);
    expect(stream.message.schema.required).toEqual(['id']);
    expect(record).toEqual(before);
  });

  it('filters', () => {
    const stream = withMap({ __filter__: 'net >= 10.0 && email != null' });
    expect(stream.map(record)).toEqual(record);
    expect(stream.map({ ...record, net: 9.99 })).toBeUndefined();
  });

  it('keeps keys and what it names only, with __else__ null', () => {
    const stream = withMap({ __else__: null, city: 'address.city' });
    expect(stream.map(record)).toEqual({ id: 7, city: 'Bonn' });
    expect(Object.keys(stream.message.schema.properties!)).toEqual(['id', 'city']);
    expect(stream.message).not.toHaveProperty('bookmark_properties');
  });

  it('sets other keys, and refuses to lose one', () => {
    expect(withMap({ id: null, key: 'string(id)', __key_properties__: ['key'] }).message.key_properties).toEqual([
      'key',
    ]);
    expect(withMap({ id: null, __key_properties__: null }).message.key_properties).toEqual([]);
    expect(() => withMap({ id: null })).toThrow(/leaves no property "id", which is a key/);
    expect(() => withMap({ __key_properties__: ['none'] })).toThrow(/leaves no property "none"/);
  });

  it('gives a stream another name, by pattern too', () => {
    expect(withMap({ __alias__: 'rechnungen' }).message.stream).toBe('rechnungen');
    expect(withMap({ __alias__: 'my-stream' }).message.stream).toBe('my-stream');
    expect(withMap({ __alias__: '"raw_" + __stream_name__' }).message.stream).toBe('raw_invoices');
    const all = mapped({ stream_maps: { 'inv*': { __alias__: '"x_" + __stream_name__' } } });
    expect(all!.map(({ message }) => message.stream)).toEqual(['x_invoices']);
  });

  it('makes copies of a stream', () => {
    const streams = mapped({ stream_maps: { slim: { __source__: 'invoices', __else__: null, total: 'net + tax' } } })!;
    expect(streams.map((stream) => [stream.message.stream, stream.map(record)])).toEqual([
      ['invoices', record],
      ['slim', { id: 7, total: 11.9 }],
    ]);
    expect(streams[0]!.map(record)).toBe(record);
  });

  it('leaves streams out: one by null, all that are not named by __else__', () => {
    expect(mapped({ stream_maps: { invoices: null } })).toEqual([]);
    expect(mapped({ stream_maps: { __else__: '__NULL__', others: {} } })).toEqual([]);
    expect(mapped({ stream_maps: { __else__: null, invoices: {} } })).toHaveLength(1);
  });

  it('does not touch a stream that it does not name', () => {
    expect(mapped({ stream_maps: { others: { x: '1' } } })).toBeUndefined();
    expect(mapped({})).toBeUndefined();
  });

  it.each<[string, JsonObject]>([
    ['stream_maps.invoices', { invoices: 'x' }],
    ['stream_maps.__else__', { __else__: 'x' }],
    ['stream_maps.__what__', { __what__: null }],
    ['stream_maps.invoices.__what__', { invoices: { __what__: 'x' } }],
    ['stream_maps.invoices.x', { invoices: { x: 1 } }],
    ['stream_maps.invoices.__filter__', { invoices: { __filter__: 1 } }],
    ['stream_maps.invoices.__else__', { invoices: { __else__: 'x' } }],
    ['stream_maps.invoices.__key_properties__', { invoices: { __key_properties__: 'id' } }],
    ['stream_maps.invoices.__alias__', { invoices: { __alias__: 1 } }],
  ])('refuses what is none, naming the setting: %s', (setting, maps) => {
    expect(() => mapped({ stream_maps: maps })).toThrow(expect.objectContaining({ code: 'CONFIG', setting }));
  });
});

describe('flattening', () => {
  const on = { flattening_enabled: true, flattening_max_depth: 1 };

  it('lifts nested properties and writes what is below the depth as text', () => {
    const [stream] = mapped(on)!;
    const { address: _address, ...rest } = record;
    expect(stream!.map(record)).toEqual({ ...rest, address__city: 'Bonn', address__zip: '53111', tags: '["x"]' });
    expect(stream!.message.schema.properties).toMatchObject({
      address__city: { type: 'string' },
      tags: { type: ['string', 'null'] },
    });
    expect(stream!.message.schema.properties).not.toHaveProperty('address');
  });

  it('goes as deep as it is told', () => {
    const deep: Omit<SchemaMessage, 'type'> = {
      stream: 's',
      key_properties: [],
      schema: {
        properties: {
          a: { type: 'object', properties: { b: { type: 'object', properties: { c: { type: 'integer' } } } } },
        },
      },
    };
    const keysAt = (depth: number): [string[], unknown] => {
      const [stream] = mapped({ ...on, flattening_max_depth: depth }, deep) ?? [];
      return [Object.keys(stream?.message.schema.properties ?? {}), stream?.map({ a: { b: { c: 1 } } })];
    };
    expect(keysAt(0)).toEqual([[], undefined]);
    expect(keysAt(1)).toEqual([['a__b'], { a__b: '{"c":1}' }]);
    expect(keysAt(2)).toEqual([['a__b__c'], { a__b__c: 1 }]);
    expect(keysAt(9)).toEqual([['a__b__c'], { a__b__c: 1 }]);
  });

  it('joins by its separator and shortens names that would be too long', () => {
    const [stream] = mapped({ ...on, flattening_separator: '_', flattening_max_key_length: 8 })!;
    expect(Object.keys(stream!.map(record)!)).toEqual(expect.arrayContaining(['add_cit']));
    expect(Object.keys(stream!.map(record)!).sort()).toEqual(Object.keys(stream!.message.schema.properties!).sort());
  });

  it('refuses a record of which two values would get one name', () => {
    const [stream] = mapped(on)!;
    const twice = { ...record, address__city: 'Köln' };
    expect(() => stream!.map(twice)).toThrow('two values for property "address__city"');
  });

  it('works after a stream map', () => {
    const [stream] = mapped({ ...on, stream_maps: { invoices: { __else__: null, a: 'address' } } })!;
    expect(stream!.map(record)).toEqual({ id: 7, a__city: 'Bonn', a__zip: '53111' });
  });

  it('keeps all digits of what it writes as text', () => {
    const [stream] = mapped(on)!;
    const exact = parseJson('{"id":1,"tags":[12345678901234567890]}') as JsonObject;
    expect(stream!.map(exact)!['tags']).toBe('[12345678901234567890]');
  });

  it('refuses to begin without a depth, and to give two properties one name', () => {
    expect(() => mapped({ flattening_enabled: true })).toThrow(/"flattening_max_depth" is missing/);
    const clash = {
      ...invoices,
      schema: { properties: { a__b: {}, a: { type: 'object' as const, properties: { b: {} } } } },
    };
    expect(() => mapped(on, { ...clash, key_properties: [] })).toThrow(/two properties named "a__b"/);
  });
});
