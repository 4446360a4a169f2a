import { strict as assert } from 'node:assert';
import { compileRecordValidator } from '../schema/record-validator.js';
import { schemaTypes } from '../schema/json-schema.js';
import type { JsonObject } from '../json/json-value.js';
import { stringifyJson } from '../json/lossless.js';
import type { Stream } from '../tap/stream.js';
import type { ConformanceCase } from './conformance-case.js';
import type { Extraction } from './tap-extraction.js';

/** The cases for one stream of a tap. */
export function streamCases(
  stream: Stream,
  {
    emptyStreams = [],
    everyProperty = false,
  }: { emptyStreams?: readonly string[] | undefined; everyProperty?: boolean | undefined },
  extracted: () => Promise<Extraction>,
): ConformanceCase[] {
  const { name } = stream;
  const records = async (): Promise<JsonObject[]> => (await extracted()).records(name).map(({ record }) => record);
  const described = Object.keys(stream.schema.properties ?? {});
  return [
    {
      name: `${name}.schema_is_valid`,
      title: 'its schema is a JSON Schema of objects, with its keys in it',
      run: () => {
        compileRecordValidator(name, stream.schema);
        assert.ok(described.length > 0, 'the schema describes no property');
        const types = schemaTypes(stream.schema);
        assert.ok(types.length === 0 || types.includes('object'), 'the schema is not that of an object');
        const keys = [...stream.primaryKeys, ...(stream.replicationKey === undefined ? [] : [stream.replicationKey])];
        assert.deepEqual(
          keys.filter((key) => !described.includes(key)),
          [],
          'the schema lacks these keys',
        );
      },
    },
    {
      name: `${name}.returns_record`,
      title: emptyStreams.includes(name) ? 'it can be read' : 'it has a record',
      run: async () => {
        const count = (await records()).length;
        if (!emptyStreams.includes(name))
          assert.ok(count > 0, `stream "${name}" gave no record; name it in emptyStreams if that is right`);
      },
    },
    {
      name: `${name}.transformed_catalog_schema_matches_record`,
      title: everyProperty ? 'each property of its schema comes with some record' : 'its SCHEMA is written',
      run: async () => {
        const schema = (await extracted()).schema(name);
        assert.ok(schema, 'there is no SCHEMA');
        const seen = new Set((await records()).flatMap((record) => Object.keys(record)));
        if (everyProperty && seen.size > 0)
          assert.deepEqual(
            Object.keys(schema.schema.properties ?? {}).filter((property) => !seen.has(property)),
            [],
          );
      },
    },
    {
      name: `${name}.record_schema_matches_transformed_catalog`,
      title: 'its records have no property that its SCHEMA does not describe',
      run: async () => {
        const schema = (await extracted()).schema(name)?.schema;
        const known = new Set(Object.keys(schema?.properties ?? {}));
        if (schema?.additionalProperties !== undefined && schema.additionalProperties !== false) return;
        const seen = new Set((await records()).flatMap((record) => Object.keys(record)));
        assert.deepEqual(
          [...seen].filter((property) => !known.has(property)),
          [],
        );
      },
    },
    {
      name: `${name}.record_matches_stream_schema`,
      title: 'its records fit its schema',
      run: async () => {
        const validate = compileRecordValidator(name, stream.schema);
        (await records()).forEach((record, i) => validate(record, i + 1));
      },
    },
    {
      name: `${name}.primary_keys`,
      title: 'its keys are there and unique',
      run: async () => {
        const { primaryKeys } = stream;
        if (primaryKeys.length === 0) return;
        const keys = (await records()).map((record) => primaryKeys.map((key) => record[key] ?? null));
        assert.ok(
          keys.every((key) => key.every((part) => part !== null)),
          'a key is null or missing',
        );
        assert.equal(new Set(keys.map((key) => stringifyJson(key))).size, keys.length, 'two records have the same key');
      },
    },
  ];
}
