import { canonicalSchema, type JsonSchema } from '@singer-io-ts/sdk';
import { MAX_TEXT_LENGTH, renderType } from './column-type.js';
import { decimalPlaces, propertiesOf, wantedType, type PropertySchema, type TypeSettings } from './json-schema-type.js';
import { referencesOf } from './schema-references.js';

const settings: TypeSettings = {
  timestampZone: 'NTZ',
  uuidFormat: 'string',
  numberType: { kind: 'float' },
  textLength: MAX_TEXT_LENGTH,
  references: () => undefined,
};
const column = (schema: PropertySchema | boolean) => renderType(wantedType(schema, settings).type);

it.each<[string, PropertySchema, string]>([
  ['any', { type: 'any' }, 'VARIANT'],
  ['any among others', { type: ['null', 'any'] }, 'VARIANT'],
  ['no type in a list', { type: [] }, 'VARIANT'],
  ['a schema among types', { type: ['string', { type: 'object' }] as never }, 'VARIANT'],
  ['schemas of texts among types', { type: ['null', { type: 'string', maxLength: 9 }] as never }, 'VARCHAR(9)'],
])('draft-03 has %s: %j gives %s', (_, schema, expected) => {
  expect(column(canonicalSchema(schema as JsonSchema) as PropertySchema)).toBe(expected);
});

describe('wantedType', () => {
  it.each<[PropertySchema | boolean, string]>([
    [{ type: 'integer' }, 'NUMBER(38,0)'],
    [{ type: ['null', 'integer'] }, 'NUMBER(38,0)'],
    [{ type: 'number' }, 'FLOAT'],
    [{ type: 'number', multipleOf: 0.01 }, 'NUMBER(38,2)'],
    [{ type: 'number', multipleOf: 1e-7 }, 'NUMBER(38,7)'],
    [{ type: 'number', multipleOf: 5 }, 'NUMBER(38,0)'],
    [{ type: 'string', format: 'x-singer.decimal', precision: 12, scale: 4 }, 'NUMBER(12,4)'],
    [{ type: 'number', format: 'x-singer.decimal', precision: 12, scale: 4 }, 'NUMBER(12,4)'],
    [{ type: 'string', format: 'x-singer.decimal', precision: 12 }, 'NUMBER(12,0)'],
    [{ type: 'string', format: 'x-singer.decimal' }, 'NUMBER(38,10)'],
    [{ type: 'boolean' }, 'BOOLEAN'],
    [{ type: 'string' }, 'VARCHAR'],
    [{ type: 'string', format: 'x-singer.decimal', precision: 0, scale: -2 }, 'NUMBER(38,10)'],
    [{ type: 'string', format: 'x-singer.decimal', precision: 50, scale: 1.5 }, 'NUMBER(38,0)'],
    [{ type: 'string', maxLength: 10 }, 'VARCHAR(10)'],
    [{ type: 'string', maxLength: 1.5 }, 'VARCHAR'],
    [{ type: 'string', maxLength: 99_999_999 }, 'VARCHAR'],
    [{ type: 'string', format: 'date-time' }, 'TIMESTAMP_NTZ'],
    [{ type: ['string', 'null'], format: 'date' }, 'DATE'],
    [{ type: 'string', format: 'time' }, 'TIME'],
    [{ type: 'string', format: 'uuid' }, 'VARCHAR(36)'],
    [{ type: 'string', format: 'email' }, 'VARCHAR'],
    [{ type: 'string', contentEncoding: 'base64' }, 'BINARY'],
    [{ type: 'object' }, 'VARIANT'],
    [{ type: ['array', 'null'] }, 'VARIANT'],
    [{ type: ['string', 'integer'] }, 'VARIANT'],
    [{ type: ['integer', 'number'] }, 'FLOAT'],
    [{ anyOf: [{ type: 'integer' }, { type: 'number', multipleOf: 0.001 }] }, 'NUMBER(38,3)'],
    [{ anyOf: [{ type: 'string', format: 'date-time' }, { type: ['string', 'null'] }] }, 'VARCHAR'],
    [{ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] }, 'TIMESTAMP_NTZ'],
    [{ oneOf: [{ type: 'boolean' }, { type: 'object' }] }, 'VARIANT'],
    [{ allOf: [{ type: 'string' }, { format: 'date' }] }, 'DATE'],
    [{ type: 'string', anyOf: [{ format: 'date' }, { maxLength: 5 }] }, 'VARCHAR'],
    [{ enum: ['a', 'b', null] }, 'VARCHAR'],
    [{ enum: [1, 2] }, 'NUMBER(38,0)'],
    [{ enum: [1, 'a'] }, 'VARIANT'],
    [{ const: true }, 'BOOLEAN'],
    [{ type: 'string', enum: ['a'] }, 'VARCHAR'],
    [{}, 'VARIANT'],
    [true, 'VARIANT'],
    [{ type: 'null' }, 'VARCHAR'],
    [{ type: 'number', multipleOf: 1e-37 }, 'NUMBER(38,37)'],
    [{ type: 'number', multipleOf: 1e-38 }, 'FLOAT'],
    [{ type: 'number', multipleOf: 1e22 }, 'NUMBER(38,0)'],
    [{ allOf: [{ type: ['integer', 'null'] }, { type: 'number' }] }, 'NUMBER(38,0)'],
    [{ allOf: [true, { type: 'string', format: 'date-time' }] }, 'TIMESTAMP_NTZ'],
    [{ anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] }, 'VARCHAR(36)'],
    [{ $ref: 'http://example.com/elsewhere.json' }, 'VARIANT'],
  ])('gives %j the column %s', (schema, sql) => {
    expect(column(schema)).toBe(sql);
  });

  it('uses the configured timestamp type', () => {
    const wanted = wantedType({ type: 'string', format: 'date-time' }, { ...settings, timestampZone: 'TZ' });
    expect(renderType(wanted.type)).toBe('TIMESTAMP_TZ');
  });

  it('knows what must happen to a text on its way', () => {
    expect(wantedType({ type: 'string', contentEncoding: 'base64' }, settings).text).toBe('base64');
    const uuid: PropertySchema = { type: ['null', 'string'], format: 'uuid' };
    expect(wantedType(uuid, { ...settings, uuidFormat: 'native' })).toMatchObject({
      type: { kind: 'text', length: 32 },
      text: 'uuid-without-dashes',
    });
    expect(wantedType(uuid, settings).text).toBeUndefined();
  });

  it('counts digits behind the point, exponents resolved', () => {
    expect([0.01, 1e-7, 10, 2.5e-8, 0.25].map(decimalPlaces)).toEqual([2, 7, 0, 9, 2]);
  });

  it('takes only what the schema calls a uuid for one', () => {
    const uuid = (schema: PropertySchema) => wantedType(schema, settings).uuid ?? false;
    expect(uuid({ type: ['null', 'string'], format: 'uuid' })).toBe(true);
    expect(uuid({ anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] })).toBe(true);
    expect(uuid({ type: 'string', maxLength: 36 })).toBe(false);
    expect(uuid({ anyOf: [{ type: 'string', format: 'uuid' }, { type: 'string' }] })).toBe(false);
    expect(
      wantedType(
        {
          anyOf: [
            { type: 'string', format: 'uuid' },
            { type: 'string', maxLength: 10 },
          ],
        },
        { ...settings, uuidFormat: 'native' },
      ).text,
    ).toBeUndefined();
  });

  it('makes numbers what the setting says, and never a FLOAT of a key', () => {
    const type = (
      numberType: TypeSettings['numberType'],
      isKey: boolean,
      schema: PropertySchema = { type: 'number' },
    ) => renderType(wantedType(schema, { ...settings, numberType }, isKey).type);
    expect(type({ kind: 'float' }, false)).toBe('FLOAT');
    expect(type({ kind: 'float' }, true)).toBe('DECFLOAT');
    expect(type({ kind: 'decfloat' }, false)).toBe('DECFLOAT');
    expect(type({ kind: 'number', precision: 30, scale: 9 }, true)).toBe('NUMBER(30,9)');
    expect(type({ kind: 'float' }, true, { type: 'number', multipleOf: 0.1 })).toBe('NUMBER(38,1)');
    expect(type({ kind: 'float' }, true, { enum: [1, 1.5] })).toBe('DECFLOAT');
  });
});

describe('references', () => {
  const root: JsonSchema = {
    $id: 'http://example.com/valve.json',
    $defs: {
      'a/b': { type: 'integer' },
      when: { $anchor: 'when', type: ['null', 'string'], format: 'date-time' },
      old: { id: '#old', type: 'string', format: 'date' },
      list: { type: 'array', items: { $ref: '#/$defs/list' } },
      loop: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/loop' }] },
      inner: { $id: 'parts/pump.json', $defs: { n: { type: 'boolean' } }, allOf: [{ $ref: '#/$defs/n' }] },
      n: { type: 'string' },
    },
    definitions: {
      price: { type: 'number', multipleOf: 0.01 },
      maybe: { anyOf: [{ $ref: '#/definitions/price' }, { type: 'null' }] },
    },
  };
  const typeIn = (schema: JsonSchema): string => {
    const whole = canonicalSchema({ ...root, properties: { v: schema } }) as PropertySchema;
    return renderType(wantedType(whole.properties!['v']!, { ...settings, references: referencesOf(whole) }).type);
  };

  it.each<[JsonSchema, string]>([
    [{ $ref: 'parts/pump.json' }, 'BOOLEAN'],
    [{ $ref: '/parts/pump.json#/$defs/n' }, 'BOOLEAN'],
    [{ $dynamicRef: '#when' }, 'TIMESTAMP_NTZ'],
    [{ $ref: '#/$defs/a~1b' }, 'NUMBER(38,0)'],
    [{ $ref: '#/%24defs/a~1b' }, 'NUMBER(38,0)'],
    [{ $ref: '#when' }, 'TIMESTAMP_NTZ'],
    [{ $ref: '#old' }, 'DATE'],
    [{ $ref: '#/definitions/maybe' }, 'NUMBER(38,2)'],
    [{ $ref: 'http://example.com/valve.json#/definitions/price' }, 'NUMBER(38,2)'],
    [{ $ref: '#/definitions/price', description: 'with a word beside it' }, 'NUMBER(38,2)'],
    [{ anyOf: [{ $ref: '#/definitions/price' }, { $ref: '#/$defs/a~1b' }] }, 'NUMBER(38,2)'],
    [{ allOf: [{ $ref: '#when' }] }, 'TIMESTAMP_NTZ'],
    [{ $ref: '#/$defs/list' }, 'VARIANT'],
    [{ $ref: '#/$defs/loop' }, 'VARIANT'],
    [{ $ref: '#' }, 'VARIANT'],
    [{ $ref: '#/$defs/missing' }, 'VARIANT'],
  ])('gives %j the column %s', (schema, sql) => {
    expect(typeIn(schema)).toBe(sql);
  });

  it('finds the properties of a record behind a reference, in parts and in alternatives', () => {
    const schema = {
      allOf: [
        { $ref: '#/definitions/base' },
        { properties: { b: { type: 'string' } } },
        { properties: { a: { multipleOf: 0.01 } } },
      ],
      properties: { c: true },
      oneOf: [
        { properties: { c: { type: 'integer' }, d: { type: 'string', format: 'date' } } },
        { anyOf: [{ properties: { d: { type: 'null' }, e: { type: 'integer' } } }] },
      ],
      then: { properties: { f: { type: 'boolean' } } },
      definitions: { base: { type: 'object', properties: { a: { type: 'number' } } } },
    };
    const references = referencesOf(schema);
    const types = Object.entries(propertiesOf(schema, references)).map(
      ([name, one]) => `${name} ${renderType(wantedType(one, { ...settings, references }).type)}`,
    );
    expect(types.sort()).toEqual(['a NUMBER(38,2)', 'b VARCHAR', 'c VARIANT', 'd DATE', 'e NUMBER(38,0)', 'f BOOLEAN']);
  });
});
