import { spawnSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import {
  loadMapper,
  parseJson,
  stringifyJson,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
} from '@singer-io-ts/sdk';

const root = path.resolve(import.meta.dirname, '../../..');

interface Case {
  config: JsonObject;
  schema: JsonSchema;
  keys: string[];
  record: JsonObject;
}

/** For each stream that comes of `s`: its name, its keys, the names of its properties, and its record. */
type Outcome = [string, string[], string[], JsonObject | null][];

// The Python SDK's own mapper, told the same.
const SCRIPT = `
import json, logging, sys
from singer_sdk.mapper import PluginMapper, RemoveRecordTransform
out = []
for case in json.load(sys.stdin):
    mapper = PluginMapper(case["config"], logging.getLogger("x"))
    try:
        mapper.register_raw_stream_schema("s", case["schema"], case["keys"])
    except Exception as e:
        out.append([[str(e), [], [], {}]])
        continue
    streams = []
    for m in mapper.stream_maps["s"]:
        if isinstance(m, RemoveRecordTransform):
            continue
        record = m.transform(json.loads(json.dumps(case["record"])))
        streams.append([m.stream_alias, list(m.transformed_key_properties), list(m.transformed_schema["properties"]), record])
    out.append(streams)
print(json.dumps(out))
`;

function inPython(cases: readonly Case[]): Outcome[] {
  const { stdout, stderr, status } = spawnSync(path.join(root, '.venvs/singer-sdk/bin/python'), ['-c', SCRIPT], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Outcome[];
}

async function here({ config, schema, keys, record }: Case): Promise<Outcome> {
  const source = { stream: 's', schema, key_properties: keys };
  const mapped = (await loadMapper(config))?.(source);
  if (!mapped) return [['s', keys, Object.keys(schema.properties ?? {}), record]];
  return mapped.map((own) => {
    const { message } = own;
    const changed = own.map(parseJson(JSON.stringify(record)) as JsonObject);
    return [
      message.stream,
      message.key_properties,
      Object.keys(message.schema.properties ?? {}),
      changed ? (JSON.parse(stringifyJson(changed)) as JsonObject) : null,
    ];
  });
}

/** JSON text within a record may be spaced in either way. */
function normalised(outcome: Outcome): unknown {
  const value = (inner: JsonValue | undefined): unknown => {
    if (typeof inner !== 'string' || !/^[[{]/.test(inner)) return inner;
    return ['JSON text', JSON.parse(inner) as unknown];
  };
  return outcome.map(([stream, keys, properties, record]) => [
    stream,
    keys,
    [...properties].sort(),
    record && sortedEntries(record).map(([name, inner]) => [name, value(inner)]),
  ]);
}

function sortedEntries(record: JsonObject): [string, JsonValue | undefined][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

const schema: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    email: { type: ['string', 'null'] },
    first: { type: 'string' },
    amount: { type: 'number' },
    address: {
      type: 'object',
      properties: { city: { type: 'string' }, geo: { type: 'object', properties: { lat: { type: 'number' } } } },
    },
  },
};
const record: JsonObject = {
  id: 7,
  email: 'a@b.c',
  first: 'Ida',
  amount: 2.5,
  address: { city: 'Bonn', geo: { lat: 50.7 } },
};

describe('stream maps, told as to the Python SDK', () => {
  const maps: [string, JsonObject][] = [
    ['nothing', {}],
    ['a rename', { s: { mail: 'email', email: null } }],
    ['a hash with salt', { s: { email: "md5(config['salt'] + email)" } }],
    ['a longer hash', { s: { h: 'sha256(first)' } }],
    ['a constant', { s: { source: "'shop'", n: '42' } }],
    ['arithmetic and texts', { s: { twice: 'amount * 2', greeting: "'Hello ' + first", text: 'str(id)' } }],
    ['properties by name', { s: { a: "record['first']", b: "_['email']" } }],
    ['the value itself', { s: { first: "self + '!'" } }],
    ['a filter that keeps', { s: { __filter__: 'amount > 2' } }],
    ['a filter that drops', { s: { __filter__: "first == 'Max'" } }],
    ['membership', { s: { __filter__: "first in ['Ida', 'Eva']" } }],
    ['only what is named', { s: { __else__: null, id: 'id', name: 'first' } }],
    ['only what is named, with a text for null', { s: { __else__: '__NULL__', id: 'id', name: 'first' } }],
    ['other keys', { s: { __key_properties__: ['email'], id: null } }],
    ['an alias', { s: { __alias__: 'people' } }],
    ['an alias by expression', { s: { __alias__: "'raw_' + __stream_name__" } }],
    ['a copy', { copy: { __source__: 's', __else__: null, id: 'id', mail: 'email' } }],
    ['no stream', { s: null }],
    ['none but named ones', { __else__: null, other: {} }],
    ['a pattern', { 's*': { new: "'x'" } }],
  ];
  const cases = maps.map(([, map]): Case => ({
    config: { stream_maps: map, stream_map_config: { salt: 'pepper' } },
    schema,
    keys: ['id'],
    record,
  }));
  let expected: Outcome[];
  beforeAll(() => {
    // The Python SDK takes options off the maps it is given.
    expected = inPython(cases);
  });

  it.each(maps.map(([title], i) => [title, i] as const))('do the same: %s', async (_title, i) => {
    expect(normalised(await here(cases[i]!))).toEqual(normalised(expected[i]!));
  });
});

describe('flattening, told as to the Python SDK', () => {
  it('gives the same properties and records, for any nesting', async () => {
    const name = fc.constantFrom('a', 'b', 'cityName', 'long_property_name', 'x_1');
    const leaf = fc.constantFrom<[JsonSchema, JsonValue]>(
      [{ type: 'integer' }, 5],
      [{ type: ['string', 'null'] }, null],
      [{ type: 'string' }, 't'],
      [{ type: 'array', items: { type: 'integer' } }, [1, 2]],
      [{ type: ['object', 'null'] }, { free: 1 }],
    );
    const node = fc.letrec<{ any: [JsonSchema, JsonValue]; object: [JsonSchema, JsonValue] }>((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, leaf, tie('object')),
      object: fc.dictionary(name, tie('any'), { minKeys: 1, maxKeys: 3 }).map((inner): [JsonSchema, JsonValue] => [
        {
          type: 'object',
          properties: Object.fromEntries(Object.entries(inner).map(([key, [described]]) => [key, described])),
        },
        Object.fromEntries(Object.entries(inner).map(([key, [, value]]) => [key, value])),
      ]),
    }));
    const one = fc.record({
      node: node.object,
      depth: fc.integer({ min: 0, max: 3 }),
      separator: fc.constantFrom('__', '.'),
      length: fc.constantFrom(255, 12),
    });
    const cases = fc
      .sample(one, { numRuns: 300, seed: 1 })
      .map(({ node: [described, value], depth, separator, length }): Case => ({
        config: {
          flattening_enabled: true,
          flattening_max_depth: depth,
          flattening_separator: separator,
          flattening_max_key_length: length,
        },
        schema: described,
        keys: [],
        record: value as JsonObject,
      }));
    // Names that clash are refused by both; such cases say nothing here.
    const comparable = await Promise.all(
      cases.map(async (own) => {
        try {
          await here(own);
          return own;
        } catch {
          return undefined;
        }
      }),
    );
    const kept = comparable.filter((own) => own !== undefined);
    expect(kept.length).toBeGreaterThan(200);
    const expected = inPython(kept);
    for (const [i, own] of kept.entries()) {
      expect({ own, outcome: normalised(await here(own)) }).toEqual({ own, outcome: normalised(expected[i]!) });
    }
  });
});
