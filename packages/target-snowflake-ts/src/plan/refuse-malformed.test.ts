import type { PropertySchema } from './json-schema-type.js';
import { refuseMalformed } from './refuse-malformed.js';

it.each<[unknown, string]>([
  [null, 'property "v": a schema is an object, true or false'],
  ['string', 'property "v": a schema is an object, true or false'],
  [{ type: null }, 'property "v": its type is neither a name nor a list of names'],
  [{ type: [['string']] }, 'property "v": its type is neither a name nor a list of names'],
  [{ anyOf: [{ type: 'string' }, null] }, 'property "v": a schema is an object, true or false'],
  [{ allOf: { type: 'string' } }, 'property "v": allOf is no list'],
])('refuses %j by name', (schema, reason) => {
  const act = (): void => refuseMalformed('s', { properties: { v: schema } } as PropertySchema);
  expect(act).toThrow(`the schema of stream "s" is not valid JSON Schema: ${reason}`);
  const referred = { $defs: { v: schema }, properties: {} } as PropertySchema;
  expect(() => refuseMalformed('s', referred)).toThrow(
    /^the schema of stream "s" is not valid JSON Schema: (?!property)/,
  );
});

it.each([true, false, {}, { type: ['null', 'string'] }, { anyOf: [true, { type: 'integer' }] }])(
  'takes %j',
  (schema) => {
    expect(() => refuseMalformed('s', { properties: { v: schema } })).not.toThrow();
  },
);
