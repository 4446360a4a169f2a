import { MAX_TEXT_LENGTH, parseType, renderType, TEXT } from '../plan/column-type.js';
import { planEvolution, reconcile, type PlanOptions } from './evolution.js';
import { wantedType, type PropertySchema, type TypeSettings } from '../plan/json-schema-type.js';
import { conversionNames } from '../sql/conversion.js';
import type { TableColumn, WantedColumn } from '../plan/table.js';
import type { ChangingType } from '../values/changing-type.js';

const settings: TypeSettings = {
  timestampZone: 'NTZ',
  uuidFormat: 'string',
  numberType: { kind: 'float' },
  textLength: MAX_TEXT_LENGTH,
  references: () => undefined,
};
const contract = { new_columns: 'evolve', changed_types: 'evolve' } as const;
const wanted = (name: string, schema: PropertySchema): WantedColumn => ({ name, ...wantedType(schema, settings) });
const column = (name: string, type: string, more: Partial<TableColumn> = {}): TableColumn => ({
  name,
  type: parseType(type),
  nullable: true,
  comment: undefined,
  ...more,
});
const base: PlanOptions = {
  stream: 's',
  existing: undefined,
  remembered: new Map(),
  wanted: [],
  changing: new Map(),
  required: ['ID'],
  onTypeConflict: 'convert',
  contract,
  table: 'T',
  ntzPolicy: 'auto',
};
const plan = (existing: TableColumn[] | undefined, ...want: WantedColumn[]) =>
  planEvolution({ ...base, existing, wanted: want });

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
    ['VARCHAR(32)', { type: 'string', maxLength: 36 }, 'widen VARCHAR(36)'],
    ['DECFLOAT', { type: 'number' }, 'keep DECFLOAT'],
    ['DECFLOAT', { type: 'integer' }, 'keep DECFLOAT'],
    ['VARIANT', { type: 'integer' }, 'keep VARIANT'],
    ['GEOGRAPHY', { type: 'object' }, 'keep GEOGRAPHY'],
    ['BOOLEAN', { type: 'null' }, 'keep BOOLEAN'],
  ])('%s for %j: %s', (have, schema, expected) => {
    const { how, type } = reconcile(parseType(have), wantedType(schema, settings));
    expect(`${how} ${renderType(type)}`).toBe(expected);
  });
});

describe('planEvolution', () => {
  it.each<[string, PropertySchema, ChangingType, string]>([
    ['TIMESTAMP_NTZ(3)', { type: 'string', format: 'date-time' }, 'seconds(3)', 'TIMESTAMP_NTZ'],
    ['TIMESTAMP_NTZ(3)', { type: 'string', format: 'date-time' }, 'seconds(2)', 'as it is'],
    ['TIMESTAMP_TZ(0)', { type: 'string', format: 'date-time' }, 'seconds(0)', 'TIMESTAMP_TZ'],
    ['TIME(6)', { type: 'string', format: 'time' }, 'seconds(6)', 'TIME'],
    ['DATE', { anyOf: [{ type: 'string', format: 'date' }, { type: 'string' }] }, 'date', 'VARCHAR'],
    ['TIME', { anyOf: [{ type: 'string', format: 'time' }, { type: 'integer' }] }, 'time', 'VARIANT'],
    ['FLOAT', { type: 'number' }, 'float', 'as it is'],
  ])('%s for %j, with values that %s changes: %s', (have, schema, type, expected) => {
    const options = { ...base, existing: [column('A', have)], wanted: [wanted('A', schema)] };
    const changing = new Map([['A', new Set([type])]]);
    const to = (more: Partial<PlanOptions>): string => {
      const [step] = planEvolution({ ...options, changing, ...more }).steps;
      return step?.step === 'convert' ? renderType(step.to) : 'as it is';
    };
    expect(planEvolution(options).steps).toEqual([]);
    expect(to({})).toBe(expected);
    expect(to({ onTypeConflict: 'refuse' })).toBe('as it is');
    expect(to({ contract: { ...contract, changed_types: 'freeze' } })).toBe('as it is');
    expect(to({ contract: { ...contract, changed_types: 'discard_row' }, required: ['A'] })).toBe('as it is');
  });

  it('knows after a conversion of a TIMESTAMP_NTZ whether it holds UTC', () => {
    const schema: PropertySchema = { type: 'string', format: 'date-time' };
    const changing = new Map([['A', new Set<ChangingType>(['seconds(3)'])]]);
    const utcOf = (comment: string | undefined) => {
      const existing = [column('A', 'TIMESTAMP_NTZ(3)', { comment })];
      const { columns, steps } = planEvolution({ ...base, existing, wanted: [wanted('A', schema)], changing });
      return [columns.get('A')?.utc, steps.map((step) => step.step === 'convert' && step.utc)];
    };
    expect(utcOf(undefined)).toEqual([false, [false]]);
    expect(utcOf('UTC')).toEqual([true, [true]]);
  });

  it('makes a table that is not there', () => {
    expect(
      plan(undefined, wanted('ID', { type: 'integer' }), wanted('T', { type: 'string', format: 'date-time' })).steps,
    ).toEqual([
      {
        step: 'create',
        columns: [
          { name: 'ID', type: parseType('NUMBER(38,0)') },
          { name: 'T', type: parseType('TIMESTAMP_NTZ'), remember: { utc: true } },
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

  it('leaves NOT NULL in a column that fills itself, unless the stream fills it or replaces all rows', () => {
    const filled = { nullable: false, fillsItself: true } as const;
    const existing = [column('N', 'NUMBER(38,0)', filled), column('A', 'VARCHAR(16777216)', filled)];
    const dropped = (more: Partial<PlanOptions>) =>
      planEvolution({ ...base, existing, wanted: [wanted('A', { type: 'string' })], ...more }).steps;
    expect(dropped({})).toEqual([{ step: 'drop-not-null', column: 'A' }]);
    expect(dropped({ replaces: true })).toHaveLength(2);
  });

  it.each(['VECTOR', 'MAP', 'FILE', 'INTERVAL DAY TO SECOND'])('fills no %s, and says what to do', (type) => {
    const existing = [column('A', type)];
    const fill = (schema: PropertySchema) => planEvolution({ ...base, existing, wanted: [wanted('A', schema)] });
    expect(() => fill({ type: 'array' })).toThrow(
      new RegExp(`^stream s: column A of table T is ${type}, in which .* RENAME COLUMN "A" .* one of type VARIANT`),
    );
    expect(fill({ type: 'null' }).steps).toEqual([]);
    expect(planEvolution({ ...base, existing, wanted: [wanted('B', { type: 'integer' })] }).steps).toHaveLength(1);
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
        changing: new Map(),
        onTypeConflict: 'refuse',
        contract,
        table: 'T',
        ntzPolicy: 'auto',
      }),
    ).toThrow(
      'stream s: column A is NUMBER(38,0) and cannot hold VARCHAR, which the schema describes now; set on_type_conflict to convert or text',
    );
  });

  it('takes over what a comment says, and believes its memory from then on', () => {
    const want = wanted('A', { type: 'string', format: 'date-time' });
    const commented = column('A', 'TIMESTAMP_NTZ(9)', { comment: 'UTC' });
    expect(plan([commented], want).learned).toEqual(new Map([['A', { utc: true }]]));
    const options = { ...base, existing: [{ ...commented, comment: 'when the call began' }], wanted: [want] };
    const known = planEvolution({ ...options, remembered: new Map([['A', { utc: true }]]) });
    expect(known.columns.get('A')?.utc).toBe(true);
    expect(known.learned.size).toBe(0);
  });

  it('makes a text of 32 characters no uuid later', () => {
    const uuid = wanted('A', { type: 'string', format: 'uuid' });
    const { steps } = plan(undefined, wanted('A', { type: 'string', maxLength: 32 }));
    expect(steps).toEqual([
      { step: 'create', columns: [{ name: 'A', type: parseType('VARCHAR(32)'), remember: { uuid: false } }] },
    ]);
    const options = { ...base, existing: [column('A', 'VARCHAR(32)')], wanted: [uuid] };
    expect(planEvolution(options).columns.get('A')?.text).toBe('uuid-without-dashes');
    const remembered = new Map([['A', { uuid: false }]]);
    const own = planEvolution({ ...options, remembered });
    expect(own.steps).toEqual([{ step: 'widen', column: 'A', type: parseType('VARCHAR(36)') }]);
    expect(own.columns.get('A')?.text).toBeUndefined();
  });

  it('converts to VARCHAR when told to', () => {
    const options = { ...base, existing: [column('A', 'NUMBER(38,0)')], wanted: [wanted('A', { type: 'number' })] };
    expect(planEvolution({ ...options, onTypeConflict: 'text' }).steps).toMatchObject([{ step: 'convert', to: TEXT }]);
  });

  describe('with a contract', () => {
    const existing = [column('ID', 'NUMBER(38,0)'), column('A', 'NUMBER(38,0)')];
    const want = [wanted('ID', { type: 'integer' }), wanted('A', { type: 'string' }), wanted('B', { type: 'string' })];
    const under = (mode: 'freeze' | 'discard_value' | 'discard_row', what: 'new_columns' | 'changed_types') =>
      planEvolution({ ...base, existing, wanted: want, contract: { ...contract, [what]: mode } });

    it('freezes new columns or changed types, naming what is new', () => {
      expect(() => under('freeze', 'new_columns')).toThrow('table T has no column B');
      expect(() => under('freeze', 'changed_types')).toThrow(
        'column A of table T is NUMBER(38,0), the schema describes VARCHAR now',
      );
    });

    it.each(['value', 'row'] as const)('leaves out each %s that has no place', (discard) => {
      const added = under(`discard_${discard}`, 'new_columns');
      expect(added.steps.map(({ step }) => step)).toEqual(['convert']);
      expect(added.columns.get('B')?.contract).toEqual({ place: 'no column', discard });
      const changed = under(`discard_${discard}`, 'changed_types');
      expect(changed.steps.map(({ step }) => step)).toEqual(['add']);
      expect(changed.columns.get('A')).toMatchObject({
        type: parseType('NUMBER(38,0)'),
        contract: { place: 'another type', discard },
      });
    });

    it('never leaves out a key', () => {
      const key = { ...base, existing: [column('A', 'NUMBER(38,0)')], required: ['ID'], wanted: want };
      expect(() => planEvolution({ ...key, contract: { ...contract, new_columns: 'discard_row' } })).toThrow(
        'no column ID',
      );
    });
  });

  it('refuses a column for versions that holds none', () => {
    const want = { name: '_SDC_TABLE_VERSION', type: parseType('NUMBER(38,0)'), branches: [] };
    expect(() => plan([column('_SDC_TABLE_VERSION', 'VARCHAR')], want)).toThrow(
      'column _SDC_TABLE_VERSION of table T is VARCHAR, but this target compares versions in it as NUMBER(38,0)',
    );
    expect(plan([column('_SDC_TABLE_VERSION', 'FLOAT')], want).steps).toEqual([]);
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
        { step: 'convert', column: 'A', from: parseType('NUMBER(38,0)'), to: parseType(text), utc: false },
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
