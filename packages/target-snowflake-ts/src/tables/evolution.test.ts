import { parseType, renderType } from '../plan/column-type.js';
import { planEvolution, reconcile } from './evolution.js';
import { wantedType, type PropertySchema } from '../plan/json-schema-type.js';
import { conversionNames } from '../sql/conversion.js';
import type { TableColumn, WantedColumn } from '../plan/table.js';

const settings = { timestampZone: 'NTZ', uuidFormat: 'string' } as const;
const wanted = (name: string, schema: PropertySchema): WantedColumn => ({ name, ...wantedType(schema, settings) });
const column = (name: string, type: string, more: Partial<TableColumn> = {}): TableColumn => ({
  name,
  type: parseType(type),
  nullable: true,
  comment: undefined,
  ...more,
});
const plan = (existing: TableColumn[] | undefined, ...want: WantedColumn[]) =>
  planEvolution({
    stream: 's',
    existing,
    remembered: new Map(),
    wanted: want,
    required: ['ID'],
    onTypeConflict: 'convert',
    ntzPolicy: 'auto',
  });

describe('reconcile', () => {
  it.each<[string, PropertySchema, string]>([
    ['NUMBER(38,0)', { type: 'integer' }, 'keep NUMBER(38,0)'],
    ['NUMBER(10,0)', { type: 'integer' }, 'widen NUMBER(38,0)'],
    ['NUMBER(10,2)', { type: 'integer' }, 'widen NUMBER(38,2)'],
    ['NUMBER(38,2)', { type: 'integer' }, 'keep NUMBER(38,2)'],
    ['NUMBER(38,0)', { type: 'number', multipleOf: 0.01 }, 'convert NUMBER(38,2)'],
    ['NUMBER(38,0)', { type: 'number' }, 'convert FLOAT'],
    ['FLOAT', { type: 'integer' }, 'keep FLOAT'],
    ['FLOAT', { type: 'string' }, 'convert VARCHAR'],
    ['NUMBER(38,0)', { type: 'string' }, 'convert VARCHAR'],
    ['NUMBER(38,0)', { type: 'object' }, 'convert VARIANT'],
    ['BOOLEAN', { type: 'string' }, 'convert VARCHAR'],
    ['BOOLEAN', { type: 'integer' }, 'convert VARCHAR'],
    ['DATE', { type: 'string', format: 'date-time' }, 'convert TIMESTAMP_NTZ'],
    ['TIMESTAMP_NTZ(9)', { type: 'string', format: 'date' }, 'keep TIMESTAMP_NTZ'],
    ['TIMESTAMP_TZ(9)', { type: 'string', format: 'date-time' }, 'keep TIMESTAMP_TZ'],
    ['TIMESTAMP_NTZ(9)', { type: 'string' }, 'convert VARCHAR'],
    [
      'TIMESTAMP_NTZ(9)',
      { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'string' }] },
      'keep TIMESTAMP_NTZ',
    ],
    ['VARCHAR(10)', { type: 'string' }, 'widen VARCHAR'],
    ['VARCHAR(10)', { type: 'string', maxLength: 20 }, 'widen VARCHAR(20)'],
    ['VARCHAR(16777216)', { type: 'string', maxLength: 20 }, 'keep VARCHAR'],
    ['VARCHAR(16777216)', { type: 'integer' }, 'keep VARCHAR'],
    ['VARCHAR(32)', { type: 'string', format: 'uuid' }, 'keep VARCHAR(32)'],
    ['VARIANT', { type: 'integer' }, 'keep VARIANT'],
    ['GEOGRAPHY', { type: 'object' }, 'keep GEOGRAPHY'],
    ['BOOLEAN', { type: 'null' }, 'keep BOOLEAN'],
  ])('%s for %j: %s', (have, schema, expected) => {
    const { how, type } = reconcile(parseType(have), wantedType(schema, settings));
    expect(`${how} ${renderType(type)}`).toBe(expected);
  });
});

describe('planEvolution', () => {
  it('makes a table that is not there', () => {
    expect(
      plan(undefined, wanted('ID', { type: 'integer' }), wanted('T', { type: 'string', format: 'date-time' })).steps,
    ).toEqual([
      {
        step: 'create',
        columns: [
          { name: 'ID', type: parseType('NUMBER(38,0)') },
          { name: 'T', type: parseType('TIMESTAMP_NTZ'), comment: 'UTC' },
        ],
      },
    ]);
  });

  it('finds columns in any case and leaves them named as they are', () => {
    const { steps, columns } = plan(
      [column('Id', 'NUMBER(38,0)'), column('create', 'VARCHAR(16777216)')],
      wanted('ID', { type: 'integer' }),
      wanted('CREATE', { type: 'string' }),
    );
    expect(steps).toEqual([]);
    expect([...columns.values()].map(({ name }) => name)).toEqual(['Id', 'create']);
  });

  it('adds what is missing and allows nulls in columns that are no key any more', () => {
    const { steps } = plan(
      [column('ID', 'NUMBER(38,0)', { nullable: false }), column('OLD_KEY', 'VARCHAR(10)', { nullable: false })],
      wanted('ID', { type: 'integer' }),
      wanted('A', { type: 'boolean' }),
    );
    expect(steps).toEqual([
      { step: 'add', columns: [{ name: 'A', type: { kind: 'boolean' } }] },
      { step: 'drop-not-null', column: 'OLD_KEY' },
    ]);
  });

  it('keeps the wall clock in NTZ columns that another target made, and UTC in its own', () => {
    const want = [
      wanted('A', { type: 'string', format: 'date-time' }),
      wanted('B', { type: 'string', format: 'date-time' }),
    ];
    const { columns } = plan(
      [column('A', 'TIMESTAMP_NTZ(9)'), column('B', 'TIMESTAMP_NTZ(9)', { comment: 'UTC' })],
      ...want,
    );
    expect([...columns.values()].map(({ utc }) => utc)).toEqual([false, true]);
  });

  it('refuses a conversion when told to, saying what there is and what to do', () => {
    expect(() =>
      planEvolution({
        stream: 's',
        existing: [column('A', 'NUMBER(38,0)')],
        remembered: new Map(),
        wanted: [wanted('A', { type: 'string' })],
        required: [],
        onTypeConflict: 'refuse',
        ntzPolicy: 'auto',
      }),
    ).toThrow(
      'stream s: column A is NUMBER(38,0) and cannot hold VARCHAR, which the schema describes now; set on_type_conflict to convert',
    );
  });

  it('refuses a table whose columns differ by case only', () => {
    expect(() => plan([column('a', 'VARCHAR(1)'), column('A', 'VARCHAR(1)')], wanted('A', { type: 'string' }))).toThrow(
      'differ by case only',
    );
  });

  describe('after a run that was killed while it converted column A from NUMBER to VARCHAR', () => {
    const want = wanted('A', { type: 'string' });
    const { fresh, old } = conversionNames('A');
    const text = 'VARCHAR(16777216)';

    it('starts over when the new column was not filled yet', () => {
      expect(plan([column('A', 'NUMBER(38,0)'), column(fresh, text)], want).steps).toEqual([
        { step: 'drop', column: fresh },
        { step: 'convert', column: 'A', from: parseType('NUMBER(38,0)'), to: parseType(text) },
      ]);
    });

    it('finishes when the old column was set aside', () => {
      expect(plan([column(old, 'NUMBER(38,0)'), column(fresh, text)], want).steps).toEqual([
        { step: 'finish-conversion', column: 'A', from: parseType('NUMBER(38,0)'), to: parseType(text) },
      ]);
    });

    it('drops the old column when the new one is in place', () => {
      expect(plan([column(old, 'NUMBER(38,0)'), column('A', text)], want).steps).toEqual([
        { step: 'drop', column: old },
      ]);
    });
  });
});
