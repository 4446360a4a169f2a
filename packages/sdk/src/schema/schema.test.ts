import fc from 'fast-check';
import { isDecimalMultiple } from './decimal.js';
import { canonicalSchema } from './canonical-schema.js';
import type { JsonSchema } from './json-schema.js';
import { compileRecordValidator } from './record-validator.js';

const accepts = (property: JsonSchema, value: unknown): boolean => {
  const validate = compileRecordValidator('s', { type: 'object', properties: { v: property } });
  try {
    validate({ v: value }, 1);
    return true;
  } catch {
    return false;
  }
};

describe('multipleOf', () => {
  it('takes every number of cents, which doubles do not', () => {
    fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), (cents) => accepts({ multipleOf: 0.01 }, cents / 100)));
    expect(accepts({ multipleOf: 0.01 }, 0.015)).toBe(false);
  });

  it('is exact for any number of digits', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 30n }), (factor, step) => {
        expect(isDecimalMultiple(String(factor * step), String(step))).toBe(true);
        if (step > 1n) expect(isDecimalMultiple(String(factor * step + 1n), String(step))).toBe(false);
      }),
    );
    expect(isDecimalMultiple('12345678901234567890.07', '0.01')).toBe(true);
    expect(isDecimalMultiple('1e-3', '0.01')).toBe(false);
    expect(isDecimalMultiple('1e999999999', '0.01')).toBe(true);
  });
});

describe('date-time', () => {
  it.each([
    '2026-02-28T23:59:59Z',
    '2026-02-28 23:59',
    '2026-02-28T23:59:59.123456+02:00',
    '2024-02-29',
    '2026-01-01T00:00:00 +0100',
  ])('takes %s', (text) => expect(accepts({ type: 'string', format: 'date-time' }, text)).toBe(true));
  it.each(['2026-02-29', '2026-04-31T00:00:00Z', '2026-13-01', '28.02.2026', '2026-01-01T24:00:00Z', 'soon', ''])(
    'refuses %s',
    (text) => expect(accepts({ type: 'string', format: 'date-time' }, text)).toBe(false),
  );
});

describe('a record that does not fit', () => {
  const validate = compileRecordValidator('s', {
    type: 'object',
    properties: {
      a: { type: 'object', properties: { b: { enum: ['x'] } }, additionalProperties: false },
      n: { type: ['null', 'integer'] },
    },
    required: ['n'],
    additionalProperties: false,
  });

  it.each([
    [{ n: 1, a: { b: 'hunter2' } }, 'a.b must be one of x'],
    [{ n: 'hunter2' }, 'n must be null or an integer'],
    [{}, "the record must have required property 'n'"],
    [{ n: 1, hunter2: 1 }, 'the record has a property "hunter2" that the schema does not allow'],
    [{ n: 1, a: { b: 'x', hunter2: 1 } }, 'a has a property that the schema does not allow'],
  ])('%j is refused by place and rule, never by value', (record, message) => {
    expect(() => validate(record, 7)).toThrow(
      expect.objectContaining({
        code: 'RECORD',
        line: 7,
        message: `line 7: record of stream "s" does not fit its schema: ${message}`,
      }),
    );
  });

  it('may come from a schema with an $id, an unknown draft, keyword or format', () => {
    const odd: JsonSchema = {
      $schema: 'urn:x',
      $id: 'urn:y',
      properties: { v: { type: 'string', format: 'singer.decimal', 'x-y': 1 } },
    };
    expect(() => compileRecordValidator('s', odd)({ v: 'a' }, 1)).not.toThrow();
    expect(() => compileRecordValidator('s', odd)).not.toThrow();
  });

  it.each<[string, JsonSchema, unknown, unknown]>([
    ['properties that were meant to be in `properties`', { items: { id: { type: 'string' } } }, [1], undefined],
    ['an id that is no address', { id: null, type: 'string' }, 'a', 1],
    ['nullable as a text', { nullable: 'true', type: 'string' }, 'a', 1],
    ["the validator's own words", { $async: true, type: 'string' }, 'a', 1],
    ['an enum of nothing', { enum: [], allOf: [{ type: 'string' }] }, undefined, 'a'],
  ])('may have %s', (_what, v, right, wrong) => {
    expect(refusal({ properties: { v } }, { v: right })).toBeUndefined();
    if (wrong !== undefined) expect(refusal({ properties: { v } }, { v: wrong })).toBe('v');
  });

  it("may have OpenAPI's nullable, which says something beside a type alone", () => {
    const text = { type: 'string' } as const;
    const properties = { a: { nullable: true, allOf: [text] }, b: { ...text, nullable: true }, nullable: text };
    const validate = compileRecordValidator('s', {
      properties: { ...properties, c: { type: 'null', nullable: false } },
    });
    expect(() => validate({ a: 'x', b: null, c: null, nullable: 'y' }, 1)).not.toThrow();
    expect(() => validate({ nullable: 1 }, 1)).toThrow('nullable must be a string');
  });
});

const N: JsonSchema = { type: 'integer' };

const refusal = (schema: JsonSchema, record: object): unknown => {
  const validate = compileRecordValidator('s', schema);
  try {
    validate(record, 1);
    return undefined;
  } catch (error) {
    return (error as { property?: string }).property;
  }
};

describe('schemas of every draft', () => {
  it('reads draft-03: any, schemas among types, what is required, and keywords that have other names now', () => {
    const old = {
      $schema: 'http://json-schema.org/draft-03/schema#',
      properties: {
        any: { type: ['null', 'any'], required: true },
        either: { type: ['integer', { type: 'string', maxLength: 1 }] },
        step: { type: 'number', divisibleBy: 0.5 },
        base: { extends: { type: 'integer' } },
        no: { disallow: ['string', { type: 'integer', minimum: 5 }] },
      },
      dependencies: { step: 'base' },
    } as unknown as JsonSchema;
    expect(refusal(old, { any: 1, either: 'x', step: 1.5, base: 1, no: 4 })).toBeUndefined();
    expect(refusal(old, { any: { a: [] }, either: 1, no: [] })).toBeUndefined();
    const wrong: [string, object][] = [
      ['any', {}],
      ['either', { any: 1, either: 'xx' }],
      ['step', { any: 1, step: 1.2, base: 1 }],
      ['base', { any: 1, base: 'x' }],
      ['no', { any: 1, no: 'x' }],
      ['no', { any: 1, no: 5 }],
      ['base', { any: 1, step: 1 }],
    ];
    for (const [property, record] of wrong) expect(refusal(old, record)).toBe(property);
  });

  it('reads what only draft-03 can mean in any schema, and leaves to others what they ignore', () => {
    const schema = {
      properties: { a: { type: 'any', required: true }, b: { type: [] }, c: { disallow: 'string', divisibleBy: 5 } },
    } as unknown as JsonSchema;
    expect(refusal(schema, { a: {}, b: 1, c: 'x' })).toBeUndefined();
    expect(refusal(schema, { b: {} })).toBe('a');
    expect(canonicalSchema(schema).properties?.['c']).toEqual(schema.properties?.['c']);
  });

  it('reads draft-04: id, and exclusive limits that are flags', () => {
    const limit: JsonSchema = { type: 'integer', minimum: 0, exclusiveMinimum: true as never };
    const old: JsonSchema = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      id: 'http://example.com/pump.json',
      definitions: { level: { id: '#level', ...limit } },
      properties: { a: limit, b: { $ref: '#level' }, c: { $ref: '#/definitions/level' } },
    };
    expect(refusal(old, { a: 1, b: 1, c: 1 })).toBeUndefined();
    for (const property of ['a', 'b', 'c']) expect(refusal(old, { [property]: 0 })).toBe(property);
  });

  it.each(['http://json-schema.org/draft-06/schema#', 'http://json-schema.org/draft-07/schema', undefined])(
    'reads references into definitions and to its own address (%s)',
    ($schema) => {
      const schema: JsonSchema = {
        ...($schema === undefined ? {} : { $schema }),
        $id: 'http://example.com/tank.json',
        definitions: { n: { type: 'integer' } },
        properties: { a: { $ref: '#/definitions/n' }, b: { $ref: 'http://example.com/tank.json#/definitions/n' } },
      };
      expect(refusal(schema, { a: 1, b: 2 })).toBeUndefined();
      expect(refusal(schema, { a: 'x' })).toBe('a');
      expect(refusal(schema, { b: 'x' })).toBe('b');
    },
  );

  it('reads 2019-09 and 2020-12', () => {
    const $defs: JsonSchema['$defs'] = { pair: { $anchor: 'pair', prefixItems: [{ type: 'integer' }] } };
    const late: JsonSchema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs,
      properties: { p: { $ref: '#pair' } },
      unevaluatedProperties: false,
    };
    expect(refusal(late, { p: [1, 'x'] })).toBeUndefined();
    expect(refusal(late, { p: ['x'] })).toBe('p');
    const middle = { $schema: 'https://json-schema.org/draft/2019-09/schema', dependentRequired: { a: ['b'] } };
    expect(refusal(middle, { a: 1 })).toBe('b');
  });

  const draft = (name: string) => ({ $schema: `https://json-schema.org/draft/${name}/schema` });
  it.each<[string, JsonSchema]>([
    [
      'a schema in it that has an address and definitions of its own',
      {
        ...draft('2020-12'),
        $id: 'http://example.com/root',
        $defs: { a: { $id: 'inner', $ref: '#/$defs/n', $defs: { n: N } }, n: { type: 'string' } },
        properties: { v: { $ref: 'inner' } },
      },
    ],
    ['an anchor by its dynamic name', { ...draft('2020-12'), $defs: { n: { $dynamicAnchor: 'n', ...N } }, properties: { v: { $dynamicRef: '#n' } } }], // prettier-ignore
    [
      'the outermost of two anchors of one dynamic name',
      {
        ...draft('2020-12'),
        $defs: {
          n: { $dynamicAnchor: 'n', ...N },
          inner: { $id: 'inner', $dynamicRef: '#n', $defs: { n: { $dynamicAnchor: 'n' } } },
        },
        properties: { v: { $ref: 'inner' } },
      },
    ],
    ['items as a list in 2020-12', { ...draft('2020-12'), properties: { v: { items: [N], type: ['array', 'integer'], maxItems: 0 } } }], // prettier-ignore
    ['one address twice that nothing refers to', { properties: { v: { $id: '/v', ...N }, w: { $id: '/v' } } }],
    [
      'draft-04 behind a pointer outside of the definitions',
      {
        components: { n: { minimum: 0, exclusiveMinimum: true as never, ...N } },
        properties: { v: { $ref: '#/components/n' } },
      },
    ],
    ['names that an address must escape', { $defs: { 'a b%/~': N }, properties: { v: { $ref: '#/$defs/a%20b%25~1~0' } } }], // prettier-ignore
  ])('finds %s', (_what, schema) => {
    expect(refusal(schema, { v: 1 })).toBeUndefined();
    expect(refusal(schema, { v: ['x'] })).toBe('v');
  });

  it.each([
    ['needless escapes', String.raw`^[\w.\-]+\@x\-y$`, 'a-b@x-y', 'a@xy'],
    ["Python's ends, flags and names", String.raw`(?i)\A(?P<a>x)(?P=a)\Z`, 'xX', 'xx\n'],
    ['an escaped backslash as one', String.raw`^\\_\_$`, String.raw`\_` + '_', '__'],
  ])('reads patterns of other languages: %s', (_what, pattern, right, wrong) => {
    const schema = { properties: { v: { pattern } } };
    expect(refusal(schema, { v: right })).toBeUndefined();
    expect(refusal(schema, { v: wrong })).toBe('v');
  });

  it.each<[object, string]>([
    [{ pattern: String.raw`\G` }, 'property "v": Invalid regular expression'],
    [
      { type: ['null', 'datetime', 'date'] },
      'property "v": type "datetime", "date" is none of JSON Schema\'s: array, ',
    ],
    [{ $ref: '#/$defs/none' }, `property "v": can't resolve reference #/$defs/none`],
    [{ $ref: '#/properties/v' }, 'property "v": it is nested too deeply, or refers to itself'],
  ])('names the property that is no schema: %j', (v, message) => {
    expect(() => compileRecordValidator('s', { properties: { a: N, v: v as JsonSchema } })).toThrow(message);
  });
});

describe('a pattern that is no regular expression here', () => {
  const atomic = { type: 'string', pattern: '^(?>a)' } as const;
  const compileWith = (schema: JsonSchema): { validate: (record: object) => void; warnings: string[] } => {
    const warnings: string[] = [];
    const validate = compileRecordValidator('s', schema, { onUnreadPattern: (warning) => warnings.push(warning) });
    return { validate: (record) => validate(record, 1), warnings };
  };

  it('is told of and not checked, and nothing else is let go', () => {
    const schema: JsonSchema = { properties: { a: { type: 'array', items: atomic }, n: N }, pattern: '(' };
    const { validate, warnings } = compileWith(schema);
    expect(warnings).toEqual([
      expect.stringMatching(/^stream "s": a pattern of the schema is not checked: Invalid regular expression/),
      expect.stringMatching(/^stream "s", property "a": a pattern of the schema is not checked: .*Invalid group$/),
    ]);
    expect(() => validate({ a: ['b'], n: 1 })).not.toThrow();
    expect(() => validate({ a: [1] })).toThrow('a.0 must be a string');
    expect(() => validate({ n: 'x' })).toThrow('n must be an integer');
    expect([atomic.pattern, schema['pattern']]).toEqual(['^(?>a)', '(']);
  });

  it('leaves open which properties are additional where it names some', () => {
    const schema = { patternProperties: { '(?>x)': N, '^y': N }, additionalProperties: false };
    const { validate, warnings } = compileWith(schema);
    expect(warnings).toHaveLength(1);
    expect(() => validate({ x: 'a', y: 1 })).not.toThrow();
    expect(() => validate({ y: 'a' })).toThrow('y must be an integer');
  });
});

it('takes a property that every object inherits for missing when the record does not have it', () => {
  const schema: JsonSchema = {
    properties: {
      constructor: { type: 'string' },
      toString: { type: 'string' },
      __proto__: { type: 'string' },
    } as never,
  };
  expect(refusal(schema, { id: 1 })).toBeUndefined();
  expect(refusal(schema, { constructor: 1 })).toBe('constructor');
  expect(refusal({ ...schema, required: ['valueOf'] }, { id: 1 })).toBe('valueOf');
});

describe('a schema of thousands of properties', () => {
  const properties = Object.fromEntries(
    Array.from({ length: 3000 }, (_, n) => [`c/${n}`, { $ref: `#/definitions/${n % 2 === 0 ? 't' : 'n'}` }]),
  );
  const definitions: Record<string, JsonSchema> = { t: { type: ['null', 'string'] }, n: { type: 'number' } };
  const wide: JsonSchema = { definitions, properties, required: ['c/1'], additionalProperties: false };

  it('checks each of them, and the record as a whole', () => {
    const validate = compileRecordValidator('s', wide);
    const property = (record: object): unknown => {
      try {
        validate(record, 1);
        return undefined;
      } catch (error) {
        return (error as { property?: string }).property ?? 'the record';
      }
    };
    expect(property({ 'c/1': 1, 'c/2998': 'x' })).toBeUndefined();
    expect(property({ 'c/1': 1, 'c/2999': 'x' })).toBe('c/2999');
    expect(property({})).toBe('c/1');
    expect(property({ 'c/1': 1, other: 1 })).toBe('other');
  });

  it('resolves references to its properties and anchors', () => {
    const more: Record<string, JsonSchema> = {
      x: { $ref: '#/properties/y' },
      y: { $anchor: 'y', type: 'boolean' },
      z: { $ref: '#y' },
    };
    const validate = compileRecordValidator('s', { properties: { ...properties, ...more }, definitions });
    for (const name of ['x', 'z']) {
      expect(() => validate({ [name]: true }, 1)).not.toThrow();
      expect(() => validate({ [name]: 1 }, 1)).toThrow(`${name} must be a boolean`);
    }
  });
});

describe('formats of texts', () => {
  it.each([
    ['email', 'pump@plant.test', 'pump'],
    ['uuid', '7b6b1c7e-6d0c-4c59-9d7b-0f3c1c9f2a11', '7b6b1c7e'],
    ['uri', 'https://plant.test/a', 'not an address'],
    ['ipv4', '192.0.2.7', '192.0.2'],
    ['date', '2026-02-28', '2026-02-30'],
  ])('are checked: %s', (format, right, wrong) => {
    const schema: JsonSchema = { properties: { a: { type: 'string', format } } };
    expect(refusal(schema, { a: right })).toBeUndefined();
    expect(refusal(schema, { a: wrong })).toBe('a');
  });

  it('that are unknown say nothing, unless a check is given for them', () => {
    const schema: JsonSchema = { properties: { a: { type: 'string', format: 'plate' } } };
    expect(refusal(schema, { a: 'x' })).toBeUndefined();
    const validate = compileRecordValidator('s', schema, { formats: { plate: (text) => text.includes('-') } });
    expect(() => validate({ a: 'x' }, 1)).toThrow(/format "plate"/);
    expect(() => validate({ a: 'B-1' }, 1)).not.toThrow();
  });
});
