import {
  ConfigError,
  envNameOf,
  isJsonObject,
  requestOptions,
  type JsonObject,
  type JsonValue,
  type TapContext,
  type TapDefinition,
} from '@singer-io-ts/sdk';
import type { HttpClient, RetryPolicy } from '@singer-io-ts/sdk/http';
import { type Instant, parseInstant } from './api/instant.js';
import { RequestMetrics } from './api/request-metrics.js';
import { ServerClock } from './api/server-clock.js';
import { describeRefusal } from './api/service-error.js';
import { ACCESS_ADVICE, SevdeskApi, SIGN_IN_ADVICE } from './api/sevdesk-api.js';
import { checkStreams } from './check/check-streams.js';
import { configSchema, DEFAULT_LIST_HOURS, type SevdeskConfig } from './config.js';
import { command } from './command.js';
import { createStreams } from './streams/create-streams.js';
import { SEVDESK_STREAMS } from './streams/sevdesk-streams.js';
import { FixtureRecorder } from './record/fixture-recorder.js';
import type { SevdeskStream } from './sync/sevdesk-stream.js';
import { ReadWindows } from './sync/read-windows.js';
import type { StreamContext } from './sync/stream-context.js';

/** The tap for one run. */
export function createTap(): TapDefinition<SevdeskConfig> {
  const endings: (() => void)[] = [];
  const streams = (context: TapContext<SevdeskConfig>): SevdeskStream[] => {
    const requests = new RequestMetrics();
    const recorder = recorderOf(context);
    endings.push(() => {
      requests.report(context.metrics);
      const written = recorder?.write();
      if (written !== undefined) context.logger.info(`wrote anonymised responses of ${written} endpoints`);
    });
    return createStreams(streamContext(context, requests, recorder), context.config.streams);
  };
  return {
    name: command.name,
    version: command.version,
    description: command.description,
    capabilities: ['activate-version'],
    configSchema,
    streams,
    test: (mode, context) => checkStreams(mode, streams(context), context.logger),
    close: async () => {
      for (const end of endings.splice(0)) end();
      await Promise.resolve();
    },
  };
}

/** Pseudonyms depend on the API key, so they are stable for one account and cannot be guessed back without it. */
function recorderOf({ options, config }: TapContext<Partial<SevdeskConfig>>): FixtureRecorder | undefined {
  const folder = options['record'];
  // Streams are also described without any settings.
  return typeof folder === 'string' && config.api_key !== undefined
    ? new FixtureRecorder(folder, config.api_key)
    : undefined;
}

/** A page of a thousand invoices is a tenth of this. Larger ones are asked for in parts, so that memory stays bounded. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/** A number for all streams, or one for each, with `default` for the others. */
function hoursFor(setting: SevdeskConfig['list_every_hours'], stream: string): number {
  if (typeof setting === 'number') return setting;
  return setting[stream] ?? setting['default'] ?? DEFAULT_LIST_HOURS;
}

/** The settings of stream maps that can concern a stream: its own, and those of no stream that the tap has. */
function mappingOf(config: SevdeskConfig, stream: string): JsonValue {
  const { stream_maps: maps, stream_map_config: mapConfig, ...rest } = config as unknown as JsonObject;
  const others = new Set(SEVDESK_STREAMS.map(({ name }) => name).filter((name) => name !== stream));
  const own = Object.entries(isJsonObject(maps) ? maps : {}).filter(([name]) => !others.has(name));
  const flattening = Object.entries(rest).filter(([name]) => name.startsWith('flattening_'));
  return [Object.fromEntries(own), own.length === 0 ? null : (mapConfig ?? null), Object.fromEntries(flattening)];
}

/** Builds what the streams read from. The connection is made with the first request: describing streams needs none. */
function streamContext(
  context: TapContext<SevdeskConfig>,
  requests: RequestMetrics,
  recorder: FixtureRecorder | undefined,
): StreamContext {
  const { config } = context;
  const clock = new ServerClock();
  let client: Promise<HttpClient> | undefined;
  const api = new SevdeskApi(() => (client ??= connect(context, requests)), clock, recorder);
  return {
    source: (endpoint, shape) => api.source(endpoint, shape),
    clock,
    pageSize: config.page_size,
    concurrency: config.concurrency,
    lookbackSeconds: config.lookback_seconds,
    lagSeconds: config.lag_seconds,
    startDate: config.start_date === undefined ? undefined : startOf(config.start_date),
    fullSyncEveryHours: config.full_sync_every_hours,
    listEveryHours: (stream) => Math.min(hoursFor(config.list_every_hours, stream), config.full_sync_every_hours),
    onUnreadableUpdate: config.on_unreadable_update,
    mapping: (stream) => mappingOf(config, stream),
    windows: new ReadWindows(),
  };
}

async function connect(
  { config, logger, signal }: TapContext<SevdeskConfig>,
  requests: RequestMetrics,
): Promise<HttpClient> {
  const { DEFAULT_RETRY_POLICY, HttpClient } = await import('@singer-io-ts/sdk/http');
  return new HttpClient({
    baseUrl: config.api_url,
    headers: { Authorization: config.api_key },
    ...requestOptions(config, command),
    retry: retryPolicy(config, DEFAULT_RETRY_POLICY),
    maxConcurrency: config.concurrency,
    maxRequestsPerSecond: config.max_requests_per_second,
    signal,
    advice: {
      authentication: SIGN_IN_ADVICE,
      access: ACCESS_ADVICE,
      network: `check the network and setting "api_url" (environment variable ${envNameOf(command.name, 'api_url')})`,
    },
    describeRefusal,
    maxBodyBytes: MAX_PAGE_BYTES,
    onRetry: ({ error, attempt, delayMs }) =>
      logger.warning(`${error.message}; try ${attempt + 1} follows in ${(delayMs / 1000).toFixed(1)} s`),
    onRequest: (request) => requests.add(request),
  });
}

/** `max_retry_wait_seconds` bounds every wait, whoever asks for it. */
function retryPolicy(
  { max_retries, max_retry_wait_seconds }: SevdeskConfig,
  { firstDelayMs, maxDelayMs }: Readonly<RetryPolicy>,
): RetryPolicy {
  const longestMs = max_retry_wait_seconds * 1000;
  return {
    maxRetries: max_retries,
    firstDelayMs: Math.min(firstDelayMs, longestMs),
    maxDelayMs: Math.min(maxDelayMs, longestMs),
    maxRetryAfterMs: longestMs,
  };
}

/**
 * A date without a time means its beginning in Germany, where sevDesk's dates are; an hour early in winter, which loses
 * nothing.
 */
function startOf(startDate: string): Instant {
  const full =
    startDate.length === 10 ? `${startDate}T00:00:00+02:00` : startDate.replace(/T(\d\d:\d\d)(?!:)/, 'T$1:00');
  const start = parseInstant(full);
  if (start !== undefined) return start;
  throw new ConfigError({
    message: `setting "start_date" (environment variable ${envNameOf(command.name, 'start_date')}) is no date of the calendar`,
    setting: 'start_date',
  });
}
