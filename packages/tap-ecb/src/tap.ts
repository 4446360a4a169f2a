import { envNameOf, requestOptions, RestApi, type TapContext, type TapDefinition } from '@singer-io-ts/sdk';
import { command } from './command.js';
import { configSchema, type EcbConfig } from './config.js';
import { ExchangeRatesStream } from './exchange-rates-stream.js';
import { ReferenceRates } from './reference-rates.js';

/** The tap for one run. */
export function createTap(): TapDefinition<EcbConfig> {
  return {
    name: command.name,
    version: command.version,
    description: command.description,
    configSchema,
    streams: (context) => {
      const { start_date: startDate, currencies, lookback_days: lookbackDays } = context.config;
      return [
        new ExchangeRatesStream({ source: new ReferenceRates(apiOf(context)), startDate, currencies, lookbackDays }),
      ];
    },
  };
}

function apiOf(context: TapContext<EcbConfig>): RestApi {
  const { config } = context;
  return new RestApi(context, {
    baseUrl: config.api_url,
    headers: { Accept: '*/*' },
    ...requestOptions(config, command),
    advice: {
      network: `check the network and setting "api_url" (environment variable ${envNameOf(command.name, 'api_url')})`,
    },
  });
}
