import { renderType } from './column-type.js';
import { decimalPlaces, wantedType, type PropertySchema } from './json-schema-type.js';

const settings = { timestampZone: 'NTZ', uuidFormat: 'string' } as const;
const column = (schema: PropertySchema | boolean) => renderType(wantedType(schema, settings).type);

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
    [{ type: 'string', maxLength: 10 }, 'VARCHAR(10)'],
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
});
