import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { aboutTarget, renderAbout } from '../cli/about.js';
import { describeError } from '../errors/describe-error.js';
import { SingerError } from '../errors/singer-error.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { parseJson, stringifyJson } from '../json/lossless.js';
import { silentLogger } from '../logging/logger.js';
import { runLoad } from '../target/run-load.js';
import type { TargetDefinition } from '../target/target.js';
import { CollectingOutput } from './collecting-output.js';
import type { ConformanceCase } from './conformance-case.js';

const FOLDER = new URL('../../conformance/target/', import.meta.url);

/** What must come of a file of messages. */
interface ExpectedOutcome {
  readonly title: string;
  /** The kinds of error of which one must end the run. */
  readonly refuses?: readonly string[];
  /** The STATEs of the input; a target may leave some out, but not the last. */
  readonly states?: readonly JsonValue[];
  readonly stateTexts?: readonly string[];
  /** What must be there afterwards, by stream, as far as `rows` is given. */
  readonly rows?: Readonly<Record<string, readonly JsonObject[]>>;
  /** The rows hold the last record of each key; a target that only appends may hold more. */
  readonly byKey?: boolean;
  /** As `rows`, with numbers by their digits. */
  readonly digits?: Readonly<Record<string, readonly Record<string, string>[]>>;
}

export interface TargetCasesOptions<C, B> {
  target: TargetDefinition<C, B>;
  /** Settings that work. A function is called for each case, so that cases can have a place of their own. */
  config: JsonObject | ((caseName: string) => JsonObject | Promise<JsonObject>);
  /**
   * Reads back what the target holds of a stream after a case; undefined where it cannot tell. Properties that are null or
   * missing count as the same, and so do properties that begin with `_sdc_`, in any case. @default not looked at
   */
  rows?: ((stream: string, caseName: string) => Promise<readonly JsonObject[] | undefined>) | undefined;
  /** Whether the target only appends. @default false */
  appends?: boolean | undefined;
}

/**
 * The cases for a target, those of the Python SDK's `singer_sdk.testing` under their names and more: each is a file of
 * messages and what must come of it. The target is run in this process.
 */
export function targetCases<C, B>(options: TargetCasesOptions<C, B>): ConformanceCase[] {
  const expected = JSON.parse(readFileSync(new URL('cases.json', FOLDER), 'utf8')) as Record<string, ExpectedOutcome>;
  return [cliPrints(options), ...Object.entries(expected).map(([name, outcome]) => fileCase(name, outcome, options))];
}

function cliPrints<C, B>({ target }: TargetCasesOptions<C, B>): ConformanceCase {
  return {
    name: 'cli_prints',
    title: 'it says its version and settings',
    run: () => {
      assert.match(target.version, /^\d+\.\d+\.\d+/, 'the version is no semantic version');
      const about = aboutTarget(target);
      assert.equal((JSON.parse(renderAbout(about, 'json')) as JsonObject)['name'], target.name);
      for (const format of ['text', 'markdown'] as const) assert.ok(renderAbout(about, format).includes(target.name));
      const silent = Object.entries(about.configSchema.properties ?? {}).filter(([, { description }]) => !description);
      assert.deepEqual(
        silent.map(([name]) => name),
        [],
        'these settings have no description',
      );
    },
  };
}

function fileCase<C, B>(name: string, outcome: ExpectedOutcome, options: TargetCasesOptions<C, B>): ConformanceCase {
  return {
    name,
    title: outcome.title,
    run: async () => {
      const { states, error } = await loadCase(name, options);
      if (outcome.refuses) {
        assert.ok(error !== undefined, 'it was loaded, but must be refused');
        const code = error instanceof SingerError ? error.code : describeError(error);
        assert.ok(outcome.refuses.includes(code), `it was refused as ${code}, not as ${outcome.refuses.join(' or ')}`);
      } else if (error !== undefined) throw error as Error;
      checkStates(states, outcome);
      await checkRows(name, outcome, options);
    },
  };
}

async function loadCase<C, B>(
  name: string,
  { target, config }: TargetCasesOptions<C, B>,
): Promise<{ states: string[]; error: unknown }> {
  const output = new CollectingOutput();
  let error: unknown;
  try {
    await runLoad({
      definition: target,
      configSources: [typeof config === 'function' ? await config(name) : config],
      input: Readable.from([readFileSync(new URL(`${name}.singer`, FOLDER))]),
      output,
      options: {},
      logger: silentLogger(target.name),
      env: {},
      signal: new AbortController().signal,
    });
  } catch (caught) {
    error = caught ?? new Error('an empty error was thrown');
  }
  // A target writes the values of STATE, not whole messages.
  const states = output.lines.map((line) => stringifyJson(parseJson(line)));
  return { states, error };
}

function checkStates(states: readonly string[], { states: values, stateTexts, refuses }: ExpectedOutcome): void {
  const sent = stateTexts ?? values?.map((value) => stringifyJson(value));
  if (!sent) return;
  let from = 0;
  for (const state of states) {
    const at = sent.indexOf(state, from);
    assert.notEqual(at, -1, `STATE ${state} was not sent, or comes out of order`);
    from = at + 1;
  }
  if (!refuses) assert.equal(states.at(-1), sent.at(-1), 'the last STATE did not come out');
}

async function checkRows<C, B>(
  name: string,
  { rows = {}, digits = {}, byKey = false }: ExpectedOutcome,
  options: TargetCasesOptions<C, B>,
): Promise<void> {
  if (byKey && options.appends) return;
  for (const [stream, expected] of Object.entries({ ...rows, ...digits })) {
    const found = await options.rows?.(stream, name);
    if (!found) continue;
    const exact = stream in digits;
    const text = (row: object): string => stringifyJson(comparable(row as JsonObject, exact));
    assert.deepEqual(
      found.map(text).sort(),
      expected.map(text).sort(),
      `stream "${stream}" does not hold what was sent`,
    );
  }
}

/** A value without what targets may add or leave out, its properties in order. */
function comparable(value: JsonValue | undefined, exact: boolean): JsonValue {
  if (Array.isArray(value)) return value.map((item) => comparable(item, exact));
  if (!isJsonObject(value)) return exact && value !== null && value !== undefined ? String(value) : (value ?? null);
  const entries = Object.entries(value)
    .filter(([property, inner]) => inner !== null && inner !== undefined && !/^_sdc_/i.test(property))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([property, inner]) => [property, comparable(inner, exact)]));
}
