import type { CatalogTable } from './catalog.js';
import { refuseForeign, refuseNotLoadable } from './refuse-foreign.js';

const table = { database: 'D', schema: 'S', table: 'T' };
const found = (names: string[], kind?: string): CatalogTable => ({
  created: 0,
  rows: 0,
  columns: names.map((name) => ({ name, type: { kind: 'boolean' }, nullable: true, comment: undefined })),
  clusteringKey: undefined,
  notLoadable: kind,
});

it('names what stands in place of a table, and the way out', () => {
  expect(() => refuseNotLoadable({ stream: 's', table }, 'a view')).toThrow(
    'stream s: "D"."S"."T" is a view, which records cannot be loaded into; nothing was uploaded or changed. Rename or drop it, or give the stream another table by setting "streams" ({"s":{"table":"…"}})',
  );
  expect(() => refuseNotLoadable({ stream: 's', table }, undefined)).not.toThrow();
});

it('takes no foreign table for its own', () => {
  const own = { name: 'OWN', columns: ['A', 'B'], without: 'do without it' };
  expect(() => refuseForeign(table, own, found(['A', 'B'], 'a dynamic table'))).toThrow(
    '"D"."S"."OWN" is a dynamic table, but this target keeps a table of its own under that name',
  );
  expect(() => refuseForeign(table, own, found(['A', 'C']))).toThrow(
    /is a table without column B, .* Rename or drop it, or do without it/,
  );
  for (const fine of [undefined, found(['A', 'B', 'NOTE']), found([])])
    expect(() => refuseForeign(table, own, fine)).not.toThrow();
});
