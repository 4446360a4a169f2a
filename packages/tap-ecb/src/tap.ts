import { envNameOf, type TapContext, type TapDefinition } from '@singer-io-ts/sdk';
import type { HttpClient } from '@singer-io-ts/sdk/http';
import { command } from './command.js';
import { configSchema, type EcbConfig } from './config.js';
import { ExchangeRatesStream } from './exchange-rates-stream.js';
import { ReferenceRates } from './reference-rates.js';

/** The tap for one run. */
export function createTap(): TapDefinition<EcbConfig> {
  let client: Promise<HttpClient> | undefined;
  return {
    name: command.name,
    version: command.version,
    description: command.description,
    configSchema,
    streams: (context) => {
      const { config } = context;
      return [
        new ExchangeRatesStream({
          source: new ReferenceRates(() => (client ??= connect(context))),
          startDate: config.start_date,
          currencies: config.currencies,
          lookbackDays: config.lookback_days,
        }),
      ];
    },
    close: async () => (await client)?.close(),
  };
}

async function connect({ config, logger, metrics, signal }: TapContext<EcbConfig>): Promise<HttpClient> {
  const { HttpClient } = await import('@singer-io-ts/sdk/http');
  return new HttpClient({
    baseUrl: config.api_url,
    headers: { Accept: '*/*' },
    userAgent: config.user_agent ?? `${command.name}/${command.version} (Singer tap; Node.js ${process.versions.node})`,
    requestTimeoutMs: config.request_timeout_seconds * 1000,
    retry: { maxRetries: config.max_retries },
    signal,
    advice: {
      network: `check the network and setting "api_url" (environment variable ${envNameOf(command.name, 'api_url')})`,
    },
    onRetry: ({ error, attempt, delayMs }) =>
      logger.warning(`${error.message}; try ${attempt + 1} follows in ${(delayMs / 1000).toFixed(1)} s`),
    onRequest: ({ endpoint, status, durationMs }) =>
      metrics.timer('http_request_duration', durationMs / 1000, { endpoint, http_status_code: status ?? null }),
  });
}
