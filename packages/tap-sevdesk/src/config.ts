import type { JsonSchema } from '@singer-io-ts/sdk';

/** The tap's settings, checked and with defaults filled in. */
export interface SevdeskConfig {
  api_key: string;
  api_url: string;
  start_date?: string;
  page_size: number;
  concurrency: number;
  max_requests_per_second: number;
  lookback_seconds: number;
  lag_seconds: number;
  full_sync_every_hours: number;
  request_timeout_seconds: number;
  max_retries: number;
  max_retry_wait_seconds: number;
  user_agent?: string;
}

export const configSchema: JsonSchema = {
  type: 'object',
  required: ['api_key'],
  additionalProperties: false,
  properties: {
    api_key: {
      type: 'string',
      pattern: '^[0-9a-fA-F]{32}$',
      errorMessage:
        'must be an API key of sevDesk: 32 hexadecimal characters (sevDesk shows it under Settings, Users, API token)',
      secret: true,
      title: 'API key',
      description: 'API key of a sevDesk user, 32 hexadecimal characters',
    },
    api_url: {
      type: 'string',
      pattern: '^https?://[^\\s/?#]+[^\\s?#]*$',
      errorMessage: 'must be an address such as https://my.sevdesk.de/api/v1',
      default: 'https://my.sevdesk.de/api/v1',
      title: 'API address',
      description: 'Address of the API',
    },
    start_date: {
      type: 'string',
      pattern: '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:?\\d\\d))?$',
      errorMessage: 'must be a date (2024-01-01) or an instant with its offset (2024-01-01T00:00:00+01:00)',
      title: 'Start date',
      description:
        'Incremental streams leave out what was last changed before this date; without it everything is read',
    },
    page_size: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 1000,
      title: 'Page size',
      description: 'Objects asked for in one request; the service allows 1 to 1000',
    },
    concurrency: {
      type: 'integer',
      minimum: 1,
      maximum: 32,
      default: 4,
      title: 'Concurrency',
      description: 'Requests under way at the same time',
    },
    max_requests_per_second: {
      type: 'number',
      minimum: 0,
      default: 50,
      title: 'Requests per second',
      description: 'Requests started in a second at most, evenly spaced; 0 for no limit',
    },
    lookback_seconds: {
      type: 'integer',
      minimum: 0,
      default: 300,
      title: 'Lookback',
      description: 'How far before the last bookmark a window starts, for changes that the service showed late',
    },
    lag_seconds: {
      type: 'integer',
      minimum: 0,
      default: 5,
      title: 'Lag',
      description: "How far behind the server's clock a window ends; what is younger comes with the next run",
    },
    full_sync_every_hours: {
      type: 'number',
      minimum: 0,
      default: 24,
      title: 'Full sync every',
      description:
        'Hours after which an incremental stream is read whole again, so that deletions arrive; 0 for every run',
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
    max_retry_wait_seconds: {
      type: 'number',
      minimum: 0,
      default: 120,
      title: 'Longest wait',
      description: 'The longest wait before a retry, also when the service asks for more (Retry-After)',
    },
    user_agent: {
      type: 'string',
      minLength: 1,
      title: 'User agent',
      description: 'How the tap names itself to the service, which asks for a meaningful name',
    },
  },
};
