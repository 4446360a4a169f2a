import { parseType } from '../plan/column-type.js';
import type { TableColumn } from '../plan/table.js';
import { refuseCollated } from './refuse-collated.js';

const column = (name: string, collation?: string): TableColumn => ({
  name,
  type: parseType('VARCHAR'),
  nullable: true,
  comment: undefined,
  ...(collation === undefined ? {} : { collation }),
});
const property = (name: string) => ({
  property: name,
  column: { name: name.toUpperCase(), type: parseType('VARCHAR'), branches: [] },
});
const plan = {
  stream: 'tags',
  table: { database: 'D', schema: 'S', table: 'TAGS' },
  properties: [property('label'), property('code')],
  keys: [1],
  loadMethod: 'upsert' as const,
};

it('refuses a key whose texts are compared by other rules than their characters', () => {
  const columns = [column('Label', 'en-ci'), column('code', 'de-ci')];
  expect(() => refuseCollated(plan, columns)).toThrow(
    'stream tags: key column code of table "D"."S"."TAGS" compares its texts by the collation de-ci',
  );
  expect(() => refuseCollated(plan, [column('Label', 'en-ci'), column('CODE')])).not.toThrow();
  expect(() => refuseCollated({ ...plan, keys: [] }, columns)).not.toThrow();
  expect(() => refuseCollated({ ...plan, loadMethod: 'overwrite' }, columns)).not.toThrow();
});
