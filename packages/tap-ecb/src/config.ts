import { array, integer, object, requestSettings, string, withDefault, type Infer } from '@singer-io-ts/sdk';

/**
 * The settings' JSON Schema, in the order in which `--about` lists them: the only place that names a setting. `npm run generate` makes
 * meltano.yml, the Hub definition and the README's table from it.
 */
export const configSchema = object(
  {
    api_url: withDefault(
      string({
        pattern: '^https?://[^\\s/?#]+[^\\s?#]*$',
        errorMessage: 'must be an address such as https://www.ecb.europa.eu',
        title: 'Address',
        description: 'Base URL of the site that serves /stats/eurofxref/',
      }),
      'https://www.ecb.europa.eu',
    ),
    start_date: string({
      pattern: '^\\d{4}-\\d\\d-\\d\\d$',
      errorMessage: 'must be a date such as 2023-01-01',
      'x-singer.date': true,
      title: 'Start date',
      description: 'Skip rates before this date. Default: everything since 1999 is read',
    }),
    currencies: array(
      string({
        pattern: '^[A-Z]{3}$',
        errorMessage: 'must be a currency code of three capitals, such as USD',
      }),
      {
        title: 'Currencies',
        description: 'Codes of the currencies to extract. Default: all',
      },
    ),
    lookback_days: withDefault(
      integer({
        minimum: 0,
        title: 'Lookback',
        description:
          'Days before the bookmark whose rates are read again when a new day is published, to catch corrections',
      }),
      7,
    ),
    ...requestSettings,
  },
  { additionalProperties: false },
);

/** The settings, checked and with defaults filled in. */
export type EcbConfig = Infer<typeof configSchema>;
