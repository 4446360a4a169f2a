/**
 * What the compiler must accept and refuse of the public API. Nothing here runs: the file compiles, or the build fails.
 */
/* eslint-disable @typescript-eslint/no-unused-vars, @typescript-eslint/no-unnecessary-type-parameters,
   @typescript-eslint/no-meaningless-void-operator, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return --
   types are the subject here, wrong ones included */
import {
  defineTap,
  defineTarget,
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
  type JsonValue,
  type Message,
  type RecordBatch,
  type Sink,
  type Target,
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
