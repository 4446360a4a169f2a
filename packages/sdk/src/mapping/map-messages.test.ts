import { Readable, Writable } from 'node:stream';
import { silentLogger } from '../logging/logger.js';
import { MessageWriter } from '../messages/message-writer.js';
import { Metrics } from '../metrics/metrics.js';
import type { JsonObject } from '../json/json-value.js';
import { load } from '../target/load-engine.js';
import type { SchemaMessage } from '../messages/messages.js';
import type { Sink, Target } from '../target/target.js';
import { loadMapper } from './load-mapper.js';

const schema = (stream: string): string =>
  `{"type":"SCHEMA","stream":"${stream}","schema":{"properties":{"id":{"type":"integer"},"n":{"type":["number","null"]},"inner":{"type":"object","properties":{"a":{"type":"integer"}}}}},"key_properties":["id"]}`;
const record = (stream: string, text: string): string => `{"type":"RECORD","stream":"${stream}","record":${text}}`;

/** Loads messages under settings of stream maps; gives what each stream's sink got, as text. */
async function loaded(config: JsonObject, lines: string[]): Promise<Record<string, string[]>> {
  const got: Record<string, string[]> = {};
  const target: Target<never> = {
    openSink: ({ stream }: SchemaMessage): Sink<never> => {
      const rows = (got[stream] ??= []);
      return {
        append: ({ bytes }) => void rows.push(bytes.buffer.toString('utf8', bytes.start, bytes.end)),
        activateVersion: (version) => void rows.push(`version ${version}`),
        seal: () => undefined,
      };
    },
    commit: async () => undefined,
    close: async () => undefined,
  };
  const logger = silentLogger();
  const mapper = await loadMapper(config);
  await load({
    input: Readable.from([Buffer.from(`${lines.join('\n')}\n`)]),
    target,
    writer: new MessageWriter(new Writable({ write: (_chunk, _encoding, done) => done() })),
    policy: { maxRows: 100, maxBytes: 1e6, maxAgeMs: 60_000 },
    logger,
    metrics: new Metrics(logger),
    ...(mapper ? { mapper } : {}),
  });
  return got;
}

const ODD = '{ "id" : 1, "n": 1.50, "inner": {"a": 1} }';
const EXACT = '{"id":2,"n":12345678901234567890.123,"inner":{"a":9007199254740993}}';

describe('stream maps in a target', () => {
  it('leave the bytes of other streams as they came', async () => {
    const maps = { stream_maps: { mapped: { n: null } } };
    const lines = ['plain', 'mapped'].flatMap((stream) => [schema(stream), record(stream, ODD)]);
    expect(await loaded(maps, lines)).toEqual({ plain: [ODD], mapped: ['{"id":1,"inner":{"a":1}}'] });
  });

  it('keep every digit of what they pass on or lift', async () => {
    const renamed = await loaded({ stream_maps: { s: { n: null, amount: 'n' } } }, [schema('s'), record('s', EXACT)]);
    expect(renamed).toEqual({ s: ['{"id":2,"inner":{"a":9007199254740993},"amount":12345678901234567890.123}'] });
    const flat = await loaded({ flattening_enabled: true, flattening_max_depth: 1 }, [schema('s'), record('s', EXACT)]);
    expect(flat).toEqual({ s: ['{"id":2,"n":12345678901234567890.123,"inner__a":9007199254740993}'] });
  });

  it('make, leave out and filter streams, versions too', async () => {
    const maps = { stream_maps: { s: null, copy: { __source__: 's', __filter__: 'id > 1' }, gone: '__NULL__' } };
    const version = '{"type":"ACTIVATE_VERSION","stream":"s","version":7}';
    const lines = [
      schema('s'),
      schema('gone'),
      record('s', '{"id":1}'),
      record('s', '{"id":2}'),
      record('gone', '{"id":3}'),
      version,
    ];
    expect(await loaded(maps, lines)).toEqual({ copy: ['{"id":2}', 'version 7'] });
  });

  it('end the run at a record they cannot be applied to, naming the line and no value', async () => {
    const lines = [schema('s'), record('s', '{"id":1,"n":77777}'), record('s', '{"id":2}')];
    await expect(loaded({ stream_maps: { s: { double: 'n * 2.0' } } }, lines)).rejects.toMatchObject({
      code: 'RECORD',
      line: 3,
      message: expect.stringMatching(
        /^line 3: setting "stream_maps\.s\.double" cannot be applied to a record of stream "s"/,
      ),
    });
  });

  it('refuse BATCH of a stream they change: its files cannot be mapped', async () => {
    const batch = '{"type":"BATCH","stream":"s","encoding":{"format":"jsonl"},"manifest":[]}';
    await expect(loaded({ stream_maps: { s: { n: null } } }, [schema('s'), batch])).rejects.toMatchObject({
      code: 'PROTOCOL',
      line: 2,
    });
  });
});
