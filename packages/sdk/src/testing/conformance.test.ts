import type { JsonObject } from '../json/json-value.js';
import { object, required, integer, string, dateTime, nullable } from '../schema/types.js';
import type { TypedSchema } from '../schema/typed-schema.js';
import { RecordStream } from '../tap/record-stream.js';
import type { StreamSync } from '../tap/stream-sync.js';
import type { TapDefinition } from '../tap/tap.js';
import { RecordTarget, type RecordBatch, type RecordStep } from '../target/record-target.js';
import type { CommitContext, Cut } from '../target/target.js';
import type { TargetDefinition } from '../target/target.js';
import { registerCases, type ConformanceCase } from './conformance-case.js';
import { tapCases } from './tap-cases.js';
import { targetCases } from './target-cases.js';

/** The names of the cases that do not hold. */
async function failing(cases: readonly ConformanceCase[]): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of cases) {
    try {
      await run();
    } catch {
      names.push(name);
    }
  }
  return names;
}

class Items extends RecordStream {
  override readonly name: string = 'items';
  override readonly primaryKeys = ['id'];
  override readonly replicationKey: string | undefined = 'at';
  override readonly schema: TypedSchema<unknown> = object({
    id: required(integer()),
    at: required(dateTime()),
    label: nullable(string()),
  });

  constructor(private readonly all: JsonObject[] = GOOD) {
    super();
  }

  override records(): JsonObject[] {
    return structuredClone(this.all);
  }
}

const GOOD: JsonObject[] = [
  { id: 1, at: '2026-01-01T00:00:00Z', label: 'a' },
  { id: 2, at: '2026-01-02T00:00:00Z', label: null },
];

const tapOf = (stream: () => RecordStream, changes: Partial<TapDefinition<unknown>> = {}): TapDefinition<unknown> => ({
  name: 'tap-x',
  version: '1.0.0',
  description: 'A tap.',
  configSchema: object({ key: string({ description: 'A key.' }) }),
  streams: () => [stream()],
  ...changes,
});

describe('the suite for taps', () => {
  it('lets a good tap pass', async () => {
    expect(await failing(tapCases({ tap: tapOf(() => new Items()), config: {} }))).toEqual([]);
  });

  const another = (records: JsonObject[]) => (): RecordStream => new Items(records);
  class WithoutState extends Items {
    override async sync(sync: StreamSync): Promise<void> {
      for (const record of this.records()) sync.record(record);
    }
  }
  class Forgetful extends Items {
    override async sync(sync: StreamSync): Promise<void> {
      const before = sync.bookmark['replication_key_value'];
      for (const record of this.records()) sync.record(record);
      sync.updateBookmark({ replication_key_value: before === undefined ? 5 : 4 });
    }
  }
  class BadKey extends Items {
    override readonly schema = object({ at: required(dateTime()), label: nullable(string()) });
  }

  it.each<[string, () => RecordStream, Partial<TapDefinition<unknown>>, string[]]>([
    ['no record', another([]), {}, ['items.returns_record']],
    ['a key twice', another([GOOD[0]!, GOOD[0]!]), {}, ['items.primary_keys']],
    [
      'no key',
      another([{ at: '2026-01-01T00:00:00Z' }]),
      {},
      expect.arrayContaining([
        'protocol',
        'items.primary_keys',
        'items.record_matches_stream_schema',
        'items.id.not_null',
      ]),
    ],
    [
      'an undeclared property',
      another([{ ...GOOD[0]!, more: 1 }]),
      {},
      ['protocol', 'items.record_schema_matches_transformed_catalog'],
    ],
    [
      'a wrong type',
      another([{ ...GOOD[0]!, id: 'one' }]),
      {},
      ['protocol', 'items.record_matches_stream_schema', 'items.id.is_integer'],
    ],
    ['a wrong date', another([{ ...GOOD[0]!, at: 'soon' }]), {}, expect.arrayContaining(['items.at.is_datetime'])],
    ['no STATE', () => new WithoutState(), {}, ['valid_final_state']],
    ['a bookmark that goes back', () => new Forgetful(), {}, ['resumes_from_state']],
    ['a schema without its key', () => new BadKey(), {}, expect.arrayContaining(['items.schema_is_valid'])],
    ['a setting without description', () => new Items(), { configSchema: object({ key: string() }) }, ['cli_prints']],
    ['no version', () => new Items(), { version: 'one' }, ['cli_prints']],
    [
      'a liking for unknown settings',
      () => new Items(),
      { configSchema: { type: 'object', additionalProperties: true } },
      ['refuses_unknown_setting'],
    ],
  ])('finds %s', async (_title, stream, changes, names) => {
    expect(await failing(tapCases({ tap: tapOf(stream, changes), config: {} }))).toEqual(names);
  });

  it('takes a stream that is empty when it is told so', async () => {
    const tap = tapOf(() => new Items([]), {
      streams: () => [
        new Items([]),
        new (class extends Items {
          override readonly name = 'more';
        })(),
      ],
    });
    expect(await failing(tapCases({ tap, config: {}, emptyStreams: ['items'] }))).toEqual([]);
  });
});

/** A target in memory that keeps the last record of each key, with faults to be switched on. */
class MemoryTarget extends RecordTarget {
  constructor(
    private readonly held: Map<string, Map<string, JsonObject>>,
    private readonly fault: string,
  ) {
    super();
  }

  override write({ stream, keyProperties, records }: RecordBatch): void {
    const rows = this.held.get(stream) ?? new Map<string, JsonObject>();
    this.held.set(stream, rows);
    records.forEach((record) => {
      const key =
        keyProperties.length > 0 ? JSON.stringify(keyProperties.map((name) => record[name])) : String(rows.size);
      const lossy = this.fault === 'digits' ? (JSON.parse(JSON.stringify(record)) as JsonObject) : record;
      if (this.fault !== 'first wins' || !rows.has(key)) rows.set(key, lossy);
    });
  }

  override async commit(cut: Cut<readonly RecordStep[]>, context: CommitContext): Promise<void> {
    if (this.fault === 'no commit') return;
    await super.commit(cut, context);
  }
}

function targetWith(fault: string): ConformanceCase[] {
  const held = new Map<string, Map<string, JsonObject>>();
  const target: TargetDefinition<unknown, readonly RecordStep[]> = {
    name: 'target-x',
    version: '1.0.0',
    description: 'A target.',
    configSchema: { type: 'object', properties: {} },
    open: () => {
      held.clear();
      const memory = new MemoryTarget(held, fault);
      return {
        target: memory,
        policy: memory.policy,
        ...(fault === 'no validation' ? { validateRecords: false } : {}),
      };
    },
  };
  return targetCases({ target, config: {}, rows: async (stream) => [...(held.get(stream)?.values() ?? [])] });
}

describe('the suite for targets', () => {
  it.each<[string, string[]]>([
    ['none', []],
    ['first wins', ['duplicate_records', 'related_streams']],
    ['digits', ['exact_numbers']],
    ['no validation', ['record_missing_required_property', 'wrong_type']],
    ['no commit', expect.arrayContaining(['array_data', 'camelcase', 'interleaved_streams'])],
  ])('finds what is wrong with a target of the fault: %s', async (fault, names) => {
    expect(await failing(targetWith(fault))).toEqual(names);
  });
});

describe('registerCases', () => {
  const one: ConformanceCase = { name: 'one', title: 'is', run: () => undefined };

  it('leaves out what is to be skipped, and refuses to skip what does not exist', () => {
    const seen: string[] = [];
    const test = (name: string): number => seen.push(name);
    registerCases([one, { ...one, name: 'two' }], { test, skip: { one: 'because' } });
    expect(seen).toEqual(['two: is']);
    expect(() => registerCases([one], { test, skip: { three: 'because' } })).toThrow(/"three"/);
  });
});
