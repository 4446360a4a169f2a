import { strict as assert } from 'node:assert';
import { describeStream, parseCatalog, type Catalog } from '../catalog/catalog.js';
import { MessageChecker } from '../check/message-checker.js';
import { aboutTap, renderAbout } from '../cli/about.js';
import { SingerError } from '../errors/singer-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { silentLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { compareReplicationValues, isReplicationValue } from '../state/compare-values.js';
import type { Stream } from '../tap/stream.js';
import type { TapDefinition } from '../tap/tap.js';
import { attributeCases } from './attribute-cases.js';
import type { ConformanceCase } from './conformance-case.js';
import { streamCases } from './stream-cases.js';
import { extract, tapRun, type Extraction } from './tap-extraction.js';

export interface TapCasesOptions<C> {
  tap: TapDefinition<C>;
  /** Settings that work: with them every stream is read to its end, once or twice. */
  config: JsonObject;
  /** Streams that have no record with these settings. @default every stream must have one */
  emptyStreams?: readonly string[] | undefined;
  /** Whether each property of a schema must come with some record. @default false */
  everyProperty?: boolean | undefined;
}

/**
 * The cases for a tap, those of the Python SDK's `singer_sdk.testing` under their names and more. The tap is run in this
 * process, once for nearly all cases.
 */
export function tapCases<C>(options: TapCasesOptions<C>): ConformanceCase[] {
  const { tap, config } = options;
  let extraction: Promise<Extraction> | undefined;
  const extracted = (): Promise<Extraction> => (extraction ??= extract({ tap, config }));
  const streams = streamsOf(tap, config);
  const casesOf = (stream: Stream): ConformanceCase[] => [
    ...streamCases(stream, options, extracted),
    ...attributeCases(stream, extracted),
  ];
  return [
    ...wholeTapCases(options, streams, extracted),
    ...(streams instanceof Promise ? [allStreams(streams, casesOf)] : streams.flatMap(casesOf)),
  ];
}

/** The cases of all streams in one, where only the source knows which streams there are. */
function allStreams(
  streams: Promise<readonly Stream[]>,
  casesOf: (stream: Stream) => ConformanceCase[],
): ConformanceCase {
  return {
    name: 'streams',
    title: 'each of its streams does what a stream must',
    run: async () => {
      for (const { name, title, run } of (await streams).flatMap(casesOf)) {
        try {
          await run();
        } catch (error) {
          assert.fail(`${name}: ${title}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    },
  };
}

function wholeTapCases<C>(
  { tap, config }: TapCasesOptions<C>,
  streams: readonly Stream[] | Promise<readonly Stream[]>,
  extracted: () => Promise<Extraction>,
): ConformanceCase[] {
  return [
    {
      name: 'cli_prints',
      title: 'it says its version, settings and streams',
      run: async () => {
        const about = await aboutTap(tap, silentLogger(tap.name));
        assert.match(tap.version, /^\d+\.\d+\.\d+/, 'the version is no semantic version');
        const read = JSON.parse(renderAbout(about, 'json')) as JsonObject;
        assert.equal(read['name'], tap.name);
        if (read['streams'] !== undefined)
          assert.deepEqual(
            read['streams'],
            (await streams).map(({ name }) => name),
          );
        for (const format of ['text', 'markdown'] as const) assert.ok(renderAbout(about, format).includes(tap.name));
        const silent = Object.entries(about.configSchema.properties ?? {}).filter(
          ([, { description }]) => !description,
        );
        assert.deepEqual(
          silent.map(([name]) => name),
          [],
          'these settings have no description',
        );
      },
    },
    {
      name: 'discovery',
      title: 'it discovers a catalog that can be given back, without settings where it need not ask the source',
      run: async () => {
        const catalog = await tapRun({ tap, config: streams instanceof Promise ? config : {} }).discover();
        assert.ok(catalog.streams.length > 0, 'there is no stream');
        const ids = catalog.streams.map(({ tap_stream_id: id }) => id);
        assert.equal(new Set(ids).size, ids.length, 'two streams have the same name');
        const again = parseCatalog(JSON.parse(JSON.stringify(catalog)));
        assert.deepEqual(again, JSON.parse(JSON.stringify(catalog)));
      },
    },
    {
      name: 'stream_connections',
      title: 'it connects to every stream',
      run: () => tapRun({ tap, config }).test('connection'),
    },
    {
      name: 'valid_final_state',
      title: 'its last STATE is not empty and has no progress markers',
      run: async () => {
        const { lastState } = await extracted();
        assert.ok(lastState !== undefined, 'there is no STATE');
        assert.notDeepEqual(lastState['bookmarks'] ?? {}, {}, 'the last STATE is empty: a scheduler would forget all');
        assert.ok(!JSON.stringify(lastState).includes('"progress_markers"'), 'the last STATE holds progress markers');
      },
    },
    {
      name: 'protocol',
      title: 'what it writes is Singer: order, schemas, keys, records, versions, bookmarks',
      run: async () => {
        const checker = new MessageChecker();
        checker.push((await extracted()).text);
        assert.deepEqual(checker.end().slice(0, 10), []);
      },
    },
    {
      name: 'resumes_from_state',
      title: 'it continues from its own last STATE, and no bookmark moves back',
      run: async () => {
        const before = (await extracted()).lastState ?? {};
        const after = (await extract({ tap, config, state: before })).lastState ?? {};
        for (const [stream, bookmark] of bookmarks(before)) {
          const later = bookmarks(after).find(([name]) => name === stream)?.[1];
          assert.ok(later, `the bookmark of stream "${stream}" is lost`);
          const [a, b] = [bookmark['replication_key_value'], later['replication_key_value']];
          if (!isReplicationValue(a)) continue;
          assert.ok(
            isReplicationValue(b) && compareReplicationValues(b, a) >= 0,
            `the bookmark of stream "${stream}" goes back`,
          );
        }
      },
    },
    {
      name: 'selection',
      title: 'what is not selected does not come',
      run: async () => {
        const catalog = deselect(await streams);
        const { messages, schema } = await extract({ tap, config, catalog });
        for (const { stream, dropped } of catalog.dropped) {
          assert.ok(
            !Object.hasOwn(schema(stream)?.schema.properties ?? {}, dropped),
            `SCHEMA of stream "${stream}" still has "${dropped}"`,
          );
          const stray = messages.find(
            (message) => message.type === 'RECORD' && message.stream === stream && dropped in message.record,
          );
          assert.equal(stray, undefined, `records of stream "${stream}" still have "${dropped}"`);
        }
      },
    },
    {
      name: 'refuses_unknown_setting',
      title: 'a mistyped setting is refused, not ignored',
      run: async () => {
        await assert.rejects(extract({ tap, config: { ...config, no_such_setting: 1 } }), isBadUsage);
      },
    },
  ];
}

function streamsOf<C>(tap: TapDefinition<C>, config: JsonObject): readonly Stream[] | Promise<readonly Stream[]> {
  const logger = silentLogger(tap.name);
  return tap.streams({
    config: config as C,
    logger,
    metrics: new Metrics(logger),
    signal: new AbortController().signal,
    options: {},
  });
}

function bookmarks(state: JsonObject): [string, JsonObject][] {
  const all = isJsonObject(state['bookmarks']) ? state['bookmarks'] : {};
  return Object.entries(all).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]));
}

/** A catalog in which one property of each stream is not selected, where a stream has one that may be. */
function deselect(streams: readonly Stream[]): Catalog & { dropped: { stream: string; dropped: string }[] } {
  const dropped: { stream: string; dropped: string }[] = [];
  const entries = streams.map((stream) => {
    const entry = describeStream(stream);
    const node = entry.metadata?.findLast(
      ({ breadcrumb, metadata }) => breadcrumb.length === 2 && metadata.inclusion === 'available',
    );
    if (!node) return entry;
    node.metadata.selected = false;
    dropped.push({ stream: stream.name, dropped: node.breadcrumb[1] ?? '' });
    return entry;
  });
  return { streams: entries, dropped };
}

function isBadUsage(error: unknown): boolean {
  return SingerError.isInstance(error) && error.exitCode === 2;
}
