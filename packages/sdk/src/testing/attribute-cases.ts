import { strict as assert } from 'node:assert';
import { schemaTypes, type JsonSchema } from '../schema/json-schema.js';
import type { Stream } from '../tap/stream.js';
import type { ConformanceCase } from './conformance-case.js';
import type { Extraction } from './tap-extraction.js';

interface AttributeCheck {
  readonly name: string;
  readonly title: string;
  readonly applies: (property: JsonSchema) => boolean;
  /** Whether a value, null only for `not_null`, is right. */
  readonly holds: (value: unknown) => boolean;
}

const has = (type: 'boolean' | 'object' | 'integer' | 'number') => (property: JsonSchema) =>
  schemaTypes(property).includes(type);
const only = (property: JsonSchema, type: string): boolean =>
  schemaTypes(property)
    .filter((other) => other !== 'null')
    .join() === type;

const CHECKS: readonly AttributeCheck[] = [
  {
    name: 'is_datetime',
    title: 'its values are dates and times',
    applies: ({ format }) => format === 'date-time' || format === 'date',
    holds: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  },
  {
    name: 'is_boolean',
    title: 'its values are true or false',
    applies: (property) => only(property, 'boolean'),
    holds: (value) => typeof value === 'boolean',
  },
  {
    name: 'is_object',
    title: 'its values are objects',
    applies: (property) => has('object')(property) && only(property, 'object'),
    holds: (value) => typeof value === 'object' && !Array.isArray(value),
  },
  {
    name: 'is_integer',
    title: 'its values are whole numbers',
    applies: (property) => only(property, 'integer'),
    holds: (value) => Number.isInteger(value),
  },
  {
    name: 'is_numeric',
    title: 'its values are numbers',
    applies: (property) => only(property, 'number'),
    holds: (value) => typeof value === 'number',
  },
];

/** The cases for the properties of one stream that its schema says something of. */
export function attributeCases(
  { name: stream, schema }: Stream,
  extracted: () => Promise<Extraction>,
): ConformanceCase[] {
  return Object.entries(schema.properties ?? {}).flatMap(([property, described]) => {
    const values = async (): Promise<unknown[]> =>
      (await extracted()).records(stream).map(({ record }) => record[property]);
    const cases = CHECKS.filter(({ applies }) => applies(described)).map(({ name, title, holds }): ConformanceCase => ({
      name: `${stream}.${property}.${name}`,
      title,
      run: async () => {
        const wrong = (await values()).findIndex((value) => value !== null && value !== undefined && !holds(value));
        assert.equal(wrong, -1, `record ${String(wrong + 1)} of stream "${stream}" has another value in "${property}"`);
      },
    }));
    const isRequired = schema.required?.includes(property) === true;
    const types = schemaTypes(described);
    if (types.length === 0 || types.includes('null')) return cases;
    return [
      ...cases,
      {
        name: `${stream}.${property}.not_null`,
        title: isRequired ? 'it is always there' : 'it is never null',
        run: async () => {
          const wrong = (await values()).findIndex((value) => value === null || (isRequired && value === undefined));
          assert.equal(wrong, -1, `record ${String(wrong + 1)} of stream "${stream}" has no value in "${property}"`);
        },
      },
    ];
  });
}
