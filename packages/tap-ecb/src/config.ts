import type { JsonSchema } from '@singer-io-ts/sdk';

/** The tap's settings, checked and with defaults filled in. */
export interface EcbConfig {
  api_url: string;
  start_date?: string;
  currencies?: string[];
  lookback_days: number;
  request_timeout_seconds: number;
  max_retries: number;
  user_agent?: string;
}

export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    api_url: {
      type: 'string',
      pattern: '^https?://[^\\s/?#]+[^\\s?#]*$',
      errorMessage: 'must be an address such as https://www.ecb.europa.eu',
      default: 'https://www.ecb.europa.eu',
      title: 'Address',
      description: 'Address of the site that serves /stats/eurofxref/',
    },
    start_date: {
      type: 'string',
      pattern: '^\\d{4}-\\d\\d-\\d\\d$',
      errorMessage: 'must be a date such as 2023-01-01',
      title: 'Start date',
      description: 'Leave out rates of days before this one; without it everything since 1999 is read',
    },
    currencies: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^[A-Z]{3}$',
        errorMessage: 'must be a currency code of three capitals, such as USD',
      },
      title: 'Currencies',
      description: 'Codes of the currencies to extract; without it all',
    },
    lookback_days: {
      type: 'integer',
      minimum: 0,
      default: 7,
      title: 'Lookback',
      description:
        'When a new day is published, rates of so many days before the bookmark are read again, for corrections',
    },
    request_timeout_seconds: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 60,
      title: 'Request timeout',
      description: 'The longest a single request may take from first to last byte',
    },
    max_retries: {
      type: 'integer',
      minimum: 0,
      maximum: 20,
      default: 6,
      title: 'Retries',
      description: 'How often a request that failed for a reason that may pass is made again',
    },
    user_agent: {
      type: 'string',
      minLength: 1,
      title: 'User agent',
      description: 'How the tap names itself to the site',
    },
  },
};
