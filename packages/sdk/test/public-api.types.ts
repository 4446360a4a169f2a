/**
 * What the compiler must accept and refuse of the public API. Nothing here runs: the file compiles, or the build fails.
 */
/* eslint-disable @typescript-eslint/no-unused-vars, @typescript-eslint/no-unnecessary-type-parameters,
   @typescript-eslint/no-meaningless-void-operator, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return --
   types are the subject here, wrong ones included */
import { z } from 'zod';
import {
  childOf,
  dateTime,
  defineStream,
  defineTap,
  defineTarget,
  ExactNumber,
  integer,
  number,
  object,
  RecordStream,
  RecordTarget,
  required,
  string,
  array,
  nullable,
  type Infer,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  type Message,
  type RecordBatch,
  type ReplicationValue,
  type RestApi,
  type Sink,
  type Target,
  type TypedSchema,
} from '@singer-io-ts/sdk';
import { runTap, runTarget } from '@singer-io-ts/sdk/cli';
import { testTap, testTarget } from '@singer-io-ts/sdk/testing';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

// A schema says what its values are.
const settings = object({
  api_key: required(string()),
  page_size: integer(),
  tags: array(string()),
  ratio: nullable(number()),
  inner: object({ deep: required(integer()) }),
});
type Settings = Infer<typeof settings>;
holds<Equal<Settings['api_key'], string>>();
holds<Equal<Settings['page_size'], number | undefined>>();
holds<Equal<Settings['tags'], string[] | undefined>>();
holds<Equal<Settings['ratio'], number | null | undefined>>();
holds<Equal<NonNullable<Settings['inner']>['deep'], number>>();
// @ts-expect-error a required setting may not be missing
export const incomplete: Settings = { page_size: 1 };
// @ts-expect-error an unknown setting is no setting
export const mistyped: Settings = { api_key: 'k', pagesize: 1 };

// A stream must say its name, its schema and its records.
class Items extends RecordStream {
  override readonly name = 'items';
  override readonly schema = object({ id: required(integer()) });
  override *records(): Generator<JsonObject> {
    yield { id: 1 };
  }
}
// @ts-expect-error a stream without records is none
export class Nothing extends RecordStream {
  override readonly name = 'nothing';
  override readonly schema = object({});
}

// The settings of a tap have the type of their schema.
const tap = defineTap({
  name: 'tap-x',
  version: '1.0.0',
  description: 'x',
  configSchema: settings,
  streams: ({ config }) => {
    holds<Equal<typeof config, Settings>>();
    // @ts-expect-error there is no such setting
    void config.api_keyy;
    return [new Items()];
  },
});
// @ts-expect-error a tap has streams
defineTap({ name: 'tap-x', version: '1.0.0', description: 'x', configSchema: settings });
void runTap(tap, []);
testTap({ tap, config: {} });

// A target in one class has `write`, and gets its records read-only.
class Folder extends RecordTarget {
  override write({ records, keyProperties }: RecordBatch): void {
    holds<Equal<typeof records, readonly JsonObject[]>>();
    // @ts-expect-error the batch belongs to the SDK
    keyProperties.push('id');
  }
}
// @ts-expect-error a target that writes nothing is none
export class Hole extends RecordTarget {}
const target = defineTarget({
  name: 'target-x',
  version: '1.0.0',
  description: 'x',
  configSchema: settings,
  open: ({ config }) => {
    holds<Equal<typeof config, Settings>>();
    return new Folder();
  },
});
void runTarget(target, []);
testTarget({ target, config: (caseName) => ({ folder: caseName }) });

// What a sink seals is what its target commits.
export function sealedIsCommitted<B>(own: Target<B>): void {
  const sink: Sink<B> = own.openSink({ type: 'SCHEMA', stream: 's', schema: {}, key_properties: [] }, 1);
  holds<Equal<ReturnType<typeof sink.seal>, B | undefined>>();
}

// A message is told by its type.
export function streamOf(message: Message): string | undefined {
  if (message.type === 'STATE') {
    // @ts-expect-error a STATE is of no stream
    return message.stream;
  }
  return message.stream;
}

// JSON holds no functions, dates or bigints.
// @ts-expect-error a bigint is not JSON; an ExactNumber is
export const big: JsonValue = 1n;
// @ts-expect-error a Date is not JSON
export const when: JsonValue = new Date();

// A stream is typed from its schema, however the schema is given.
const pumps = defineStream({
  name: 'pumps',
  schema: object({
    id: required(integer()),
    site: required(string()),
    state: string({ enum: ['running', 'idle'] }),
    pressure: nullable(number()),
    tags: array(string()),
    seen: required(dateTime()),
  }),
  primaryKeys: ['id', 'site'],
  replicationKey: 'seen',
});
interface Pump {
  id: number;
  site: string;
  state?: 'running' | 'idle';
  pressure?: number | null;
  tags?: string[];
  seen: string;
}
declare const pumpSchema: TypedSchema<Pump>;
const seen = '2026-03-01T00:00:00Z';
const readings = pumps.records(async function* ({ since }) {
  holds<Equal<typeof since, ReplicationValue | undefined>>();
  yield { id: 1, site: 'north', state: 'idle', pressure: null, tags: ['a'], seen };
  yield { id: new ExactNumber('9007199254740993'), site: 'south', seen };
});
pumps.records(() => [{ id: 1, site: 'north', seen }], { startValue: seen, sorted: true });
// @ts-expect-error a primary key that the schema lacks
defineStream({ name: 'pumps', schema: pumpSchema, primaryKeys: ['pump_id'] });
// @ts-expect-error a replication key that the schema lacks
defineStream({ name: 'pumps', schema: pumpSchema, replicationKey: 'seen_at' });
// @ts-expect-error a text where the schema says number
pumps.records(() => [{ id: '1', site: 'north', seen }]);
// @ts-expect-error the site is missing
pumps.records(function* ({ since }) {
  yield { id: 1, seen: String(since) };
});
// @ts-expect-error a property that the schema lacks
pumps.records(function* () {
  yield { id: 1, site: 'north', seen, colour: 'red' };
});
// @ts-expect-error a value that the enum lacks
pumps.records(async function* () {
  yield { id: 1, site: 'north', seen, state: 'broken' };
});
// @ts-expect-error records of which nothing is known
pumps.records((): JsonObject[] => []);

// A JSON Schema that stands in the source is read by the compiler as well.
const valves = defineStream({
  name: 'valves',
  schema: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      kind: { enum: ['ball', 'gate'] },
      size: { type: ['null', 'number'] },
      parts: { type: 'array', items: { type: 'object', properties: { no: { type: 'string' } }, required: ['no'] } },
    },
    required: ['id', 'kind'],
  },
  primaryKeys: ['id'],
});
valves.records(() => [{ id: 1, kind: 'ball', size: null, parts: [{ no: 'x' }] }]);
// @ts-expect-error a part without its number
valves.records(() => [{ id: 1, kind: 'ball', parts: [{}] }]);
// @ts-expect-error a part with a property that the schema lacks
valves.records(() => [{ id: 1, kind: 'ball', parts: [{ no: 'x', colour: 'red' }] }]);
// @ts-expect-error a kind that is none
valves.records(() => [{ id: 1, kind: 'butterfly' }]);

// What is inside may be anything where the schema leaves it open, and any of several where it says so.
const events = defineStream({
  name: 'events',
  schema: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      open: { type: 'object' },
      any: {},
      of: {
        anyOf: [
          { type: 'object', properties: { a: { type: 'string' } } },
          { type: 'object', properties: { b: { type: 'integer' } } },
        ],
      },
    },
    required: ['id'],
  },
});
events.records(() => [{ id: new ExactNumber('1'), open: { x: [1] }, any: { y: 2 }, of: { b: new ExactNumber('2') } }]);
// @ts-expect-error neither of them has such a property
events.records(() => [{ id: 1, of: { c: 1 } }]);

// So is the schema of a library that follows Standard JSON Schema.
const gauge = z.object({ id: z.int(), unit: z.enum(['bar', 'psi']), note: z.string().optional() });
const gauges = defineStream({ name: 'gauges', schema: gauge, primaryKeys: ['id'] });
holds<Equal<Infer<typeof gauge>, z.infer<typeof gauge>>>();
gauges.records(() => [{ id: 1, unit: 'bar' }]);
// @ts-expect-error a unit that is none
gauges.records(() => [{ id: 1, unit: 'pascal' }]);
// @ts-expect-error a key that the schema lacks
defineStream({ name: 'gauges', schema: gauge, primaryKeys: ['number'] });

// What is only known as JSON Schema says nothing of its records.
declare const unknown: JsonSchema;
defineStream({ name: 'tables', schema: unknown, primaryKeys: ['id'] }).records((): JsonObject[] => []);

// The context comes from the parent's record or from the partitions, and is filled into records.
declare const api: RestApi;
const parts = defineStream({
  name: 'parts',
  schema: object({ pump_id: required(integer()), no: required(string()) }),
  primaryKeys: ['pump_id', 'no'],
  parent: childOf(readings, (pump) => {
    holds<Equal<(typeof pump)['state'], 'running' | 'idle' | undefined>>();
    return { pump_id: pump.id };
  }),
});
parts.records(({ context }) => [{ no: String(context.pump_id) }]);
parts.rest(api, {
  path: '/pumps/{pump_id}/parts',
  query: ({ context }) => ({ of: context.pump_id, expand: ['a', 'b'] }),
});
// @ts-expect-error the context has no such property
parts.records(({ context }) => [{ no: String(context.pump) }]);
// @ts-expect-error a placeholder that no context gives
parts.rest(api, { path: '/pumps/{pump}/parts' });
// @ts-expect-error a stream without a context has no placeholders
pumps.rest(api, { path: '/sites/{site}/pumps' });
// @ts-expect-error bookmarks are told apart by what the context has
parts.records(() => [], { statePartitioningKeys: ['pump'] });
pumps
  .partitions(() => [{ site: 'north' }, { site: 'south' }])
  .records(({ context }) => {
    holds<Equal<typeof context.site, 'north' | 'south'>>();
    return [{ id: 1, seen }];
  });

// An enum is its literals.
const grade = object({ grade: required(integer({ enum: [1, 2, 3] })), mark: string({ const: 'x' }) });
holds<Equal<Infer<typeof grade>['grade'], 1 | 2 | 3>>();
// @ts-expect-error no such grade
export const wrongGrade: Infer<typeof grade> = { grade: 4 };

// What asks its source which streams there are may take its time; settings are what their type says.
defineTap({
  name: 'tap-y',
  version: '1.0.0',
  description: 'y',
  configSchema: settings,
  streams: async ({ config }) => {
    holds<Equal<typeof config, Settings>>();
    return Promise.resolve([readings]);
  },
});
