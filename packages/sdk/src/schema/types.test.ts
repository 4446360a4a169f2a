import { validateConfig } from '../config/validate-config.js';
import { compileRecordValidator } from './record-validator.js';
import { array, boolean, date, dateTime, integer, nullable, number, object, required, string } from './types.js';

describe('schema builders', () => {
  it('write plain JSON Schema', () => {
    const schema = object({
      id: required(integer()),
      name: nullable(string({ description: 'd' })),
      price: number({ multipleOf: 0.01 }),
      tags: array(required(string())),
      inner: object({ at: required(dateTime()), on: date(), yes: boolean({ default: true }) }),
    });
    expect(JSON.parse(JSON.stringify(schema))).toEqual({
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'integer' },
        name: { type: ['string', 'null'], description: 'd' },
        price: { type: 'number', multipleOf: 0.01 },
        tags: { type: 'array', items: { type: 'string' } },
        inner: {
          type: 'object',
          required: ['at'],
          properties: {
            at: { type: 'string', format: 'date-time' },
            on: { type: 'string', format: 'date' },
            yes: { type: 'boolean', default: true },
          },
        },
      },
    });
    expect(() => compileRecordValidator('s', schema)({ id: 1, name: null }, 1)).not.toThrow();
  });

  it('serve as settings', () => {
    const configSchema = object({ key: required(string()), size: integer({ default: 5 }) });
    expect(validateConfig({ plugin: 'tap-x', configSchema, config: { key: 'k' } })).toEqual({ key: 'k', size: 5 });
    expect(() => validateConfig({ plugin: 'tap-x', configSchema, config: {} })).toThrow(/"key" is missing/);
  });
});
