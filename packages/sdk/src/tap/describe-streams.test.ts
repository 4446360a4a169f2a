import type { JsonObject } from '../json/json-value.js';
import { silentLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { date, integer, object, required, string } from '../schema/types.js';
import { defineStream } from '../define/define-stream.js';
import { defineTap } from './define-tap.js';
import { describeStreams, type DescribedStreams } from './describe-streams.js';
import type { TapDefinition } from './tap.js';

const configSchema = object({
  url: required(string()),
  since: required(date()),
  size: required(integer({ minimum: 5 })),
  mode: required(string({ enum: ['a', 'b'] })),
});
const stream = (name: string) => defineStream({ name, schema: object({ id: integer() }) }).records(() => []);
const about = { name: 'tap-x', version: '1.0.0', description: 'x', configSchema };

function describeIt<C>(tap: TapDefinition<C>, config: JsonObject = {}): Promise<DescribedStreams> {
  const logger = silentLogger();
  const signal = new AbortController().signal;
  return describeStreams(tap, {
    config,
    configSchema,
    context: (given) => ({ config: given, logger, metrics: new Metrics(logger), signal, options: {} }),
  });
}
const namesOf = ({ streams }: DescribedStreams): string[] | undefined => streams?.map(({ name }) => name);

it('describes a tap without settings: what is required is there, of the type that it says', async () => {
  let seen: unknown;
  const tap = defineTap({
    ...about,
    streams: ({ config }) => {
      seen = { ...config, host: new URL('v2', config.url).hostname };
      return [stream('s')];
    },
  });
  expect(namesOf(await describeIt(tap))).toEqual(['s']);
  expect(seen).toMatchObject({ since: '2000-01-01', size: 5, mode: 'a', host: expect.stringMatching(/\.invalid$/) });
});

it('gives the settings as they are once they are valid, also to what is asynchronous', async () => {
  const config = { url: 'https://plant.test', since: '2026-01-01', size: 7, mode: 'b' };
  const tap = defineTap({ ...about, streams: async (given) => Promise.resolve([stream(given.config.mode)]) });
  expect(namesOf(await describeIt(tap, config))).toEqual(['b']);
});

it('never calls what is asynchronous with settings that are missing, and says which are', async () => {
  let calls = 0;
  const tap = defineTap({ ...about, streams: async () => Promise.resolve([stream(String((calls += 1)))]) });
  const { streams, missing } = await describeIt(tap);
  expect(streams).toBeUndefined();
  expect(missing).toMatchObject({ exitCode: 2, message: expect.stringContaining('"url" is missing') });
  expect(calls).toBe(0);
});

it('takes the streams that a tap describes itself', async () => {
  const tap = defineTap({ ...about, streams: async () => Promise.resolve([]), describe: () => [stream('known')] });
  expect(namesOf(await describeIt(tap))).toEqual(['known']);
});

it('asks for the settings where streams cannot be built without', async () => {
  const tap = defineTap({
    ...about,
    streams: ({ config }) => {
      if (config.url.endsWith('.invalid')) throw new Error('no such plant');
      return [stream('s')];
    },
  });
  expect((await describeIt(tap)).missing).toMatchObject({ code: 'CONFIG' });
});
