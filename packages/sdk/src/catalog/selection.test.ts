import fc from 'fast-check';
import type { JsonObject } from '../json/json-value.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { describeStream, parseCatalog, type CatalogEntry, type CatalogMetadata } from './catalog.js';
import { selectFrom } from './selection.js';

const schema: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    address: { type: 'object', properties: { city: { type: 'string' }, zip: { type: 'string' } } },
  },
  required: ['id', 'name'],
};

const entry = (nodes: [string[], CatalogMetadata['metadata']][]): CatalogEntry => ({
  stream: 's',
  tap_stream_id: 's',
  schema,
  metadata: nodes.map(([breadcrumb, metadata]) => ({ breadcrumb, metadata })),
});

const record = { id: 1, name: 'n', address: { city: 'c', zip: 'z', street: 's' }, extra: true };

describe('selectFrom', () => {
  it('takes everything when nothing is said', () => {
    const selection = selectFrom(entry([]), ['id']);
    expect(selection).toMatchObject({ selected: true, schema });
    expect(selection.apply(record)).toBe(record);
  });

  it.each<[string, CatalogMetadata['metadata'], boolean]>([
    ['selected', { selected: true, inclusion: 'available' }, true],
    ['not selected', { selected: false, inclusion: 'available' }, false],
    ['selected by default', { 'selected-by-default': true }, true],
    ['not selected by default', { 'selected-by-default': false }, false],
    ['not selected against the default', { 'selected-by-default': true, selected: false }, false],
    ['selected against the default', { 'selected-by-default': false, selected: true }, true],
    ['automatic, even when deselected', { inclusion: 'automatic', selected: false }, true],
    ['unsupported, even when selected', { inclusion: 'unsupported', selected: true }, false],
  ])('a property that is %s', (_title, metadata, kept) => {
    const selection = selectFrom(entry([[['properties', 'name'], metadata]]), ['id']);
    expect('name' in selection.apply(record)).toBe(kept);
    expect('name' in selection.schema.properties!).toBe(kept);
    expect(selection.schema.required).toEqual(kept ? ['id', 'name'] : ['id']);
  });

  it('takes nested properties off, and leaves those that the schema does not know', () => {
    const selection = selectFrom(entry([[['properties', 'address', 'properties', 'zip'], { selected: false }]]), []);
    expect(selection.apply(record)).toEqual({ ...record, address: { city: 'c', street: 's' } });
    expect(selection.schema.properties!['address']!.properties).toEqual({ city: { type: 'string' } });
  });

  it('keeps keys whatever the catalog says, and refuses to call them unsupported', () => {
    expect(selectFrom(entry([[['properties', 'id'], { selected: false }]]), ['id']).apply(record)).toBe(record);
    expect(() => selectFrom(entry([[['properties', 'id'], { inclusion: 'unsupported' }]]), ['id'])).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    );
  });

  it('leaves out a stream that is not selected', () => {
    expect(selectFrom(entry([[[], { selected: false }]]), []).selected).toBe(false);
  });

  it('gives records that fit the selected schema, for any selection', () => {
    const paths = [['id'], ['name'], ['address'], ['address', 'city'], ['address', 'zip']];
    const nodes = fc
      .subarray(paths)
      .map((subset) =>
        subset.map((path): [string[], CatalogMetadata['metadata']] => [
          path.flatMap((name) => ['properties', name]),
          { selected: false },
        ]),
      );
    fc.assert(
      fc.property(nodes, (deselected) => {
        const selection = selectFrom(entry(deselected), ['id']);
        const known = { id: 1, name: 'n', address: { city: 'c', zip: 'z' } };
        const same = (shape: JsonSchema, value: JsonObject): boolean =>
          Object.entries(value).every(([name, inner]) => {
            const property = shape.properties?.[name];
            return property !== undefined && (!property.properties || same(property, inner as JsonObject));
          }) && Object.keys(shape.properties ?? {}).every((name) => name in value);
        expect(same(selection.schema, selection.apply(known))).toBe(true);
        expect(known).toEqual({ id: 1, name: 'n', address: { city: 'c', zip: 'z' } });
      }),
    );
  });
});

describe('catalog', () => {
  it('that is discovered can be read back and selects everything', () => {
    const described = describeStream({
      name: 's',
      schema,
      primaryKeys: ['id'],
      replicationKey: 'name',
      replicationMethod: 'INCREMENTAL',
    });
    const [read] = parseCatalog(JSON.parse(JSON.stringify({ streams: [described] }))).streams;
    expect(read).toEqual(described);
    expect(selectFrom(read!, ['id', 'name']).apply(record)).toBe(record);
    expect(read!.metadata!.filter(({ metadata }) => metadata.inclusion === 'automatic')).toHaveLength(2);
  });

  it.each([[[]], [{}], [{ streams: {} }], [{ streams: [{ stream: 's' }] }], [{ streams: [{ schema: {} }] }]])(
    'refuses %j',
    (value) => {
      expect(() => parseCatalog(value)).toThrow(expect.objectContaining({ code: 'USAGE', exitCode: 2 }));
    },
  );
});
