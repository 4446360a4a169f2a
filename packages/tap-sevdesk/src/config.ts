import {
  array,
  type Infer,
  integer,
  number,
  object,
  requestSettings,
  required,
  string,
  withDefault,
} from '@singer-io-ts/sdk';
import type { TypedSchema } from '@singer-io-ts/sdk';
import { ownStreamSchema } from './streams/own-stream.js';

/** Hours after which a long list is read whole, unless the settings say otherwise. */
export const DEFAULT_LIST_HOURS = 6;

const listHours: TypedSchema<number | Record<string, number>> = {
  type: ['number', 'object'],
  minimum: 0,
  additionalProperties: { type: 'number', minimum: 0 },
  title: 'Whole lists every',
  description:
    'Hours between complete reads of a long list that cannot be filtered by change; in between, only its newest objects are read. A number, or an object with one per stream and "default"; capped at full_sync_every_hours',
};

const onUnreadableUpdate: TypedSchema<'include' | 'skip' | 'fail'> = {
  type: 'string',
  enum: ['include', 'skip', 'fail'],
  title: 'Unreadable dates',
  description:
    'What to do with an object whose create or update is missing or unreadable: include it, skip it (both with a warning that names it), or fail its stream',
};

/**
 * The settings' JSON Schema, in the order in which `--about` lists them: the only place that names a setting. `npm run generate` makes
 * meltano.yml, the Hub definition and the README's table from it.
 */
export const configSchema = object(
  {
    api_key: required(
      string({
        pattern: '^[0-9a-fA-F]{32}$',
        errorMessage:
          'must be an API key of sevDesk: 32 hexadecimal characters (sevDesk shows it under Settings, Users, API token)',
        secret: true,
        title: 'API key',
        description: 'API key of a sevDesk user, 32 hexadecimal characters (sevDesk: Settings, Users, API token)',
      }),
    ),
    api_url: withDefault(
      string({
        pattern: '^https?://[^\\s/?#]+[^\\s?#]*$',
        errorMessage: 'must be an address such as https://my.sevdesk.de/api/v1',
        title: 'API address',
        description: 'Base URL of the API',
      }),
      'https://my.sevdesk.de/api/v1',
    ),
    start_date: string({
      pattern: '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:?\\d\\d))?$',
      errorMessage: 'must be a date (2024-01-01) or an instant with its offset (2024-01-01T00:00:00+01:00)',
      'x-singer.date': true,
      title: 'Start date',
      description: 'Incremental streams skip objects last changed before this date. Default: everything is read',
    }),
    page_size: withDefault(
      integer({
        minimum: 1,
        maximum: 1000,
        title: 'Page size',
        description: 'Objects per request; sevDesk allows 1 to 1000',
      }),
      1000,
    ),
    concurrency: withDefault(
      integer({
        minimum: 1,
        maximum: 32,
        title: 'Concurrency',
        description: 'Maximum number of parallel requests',
      }),
      4,
    ),
    max_requests_per_second: withDefault(
      number({
        minimum: 0,
        title: 'Requests per second',
        description: 'Maximum number of requests started per second, evenly spaced; 0 for no limit',
      }),
      50,
    ),
    lookback_seconds: withDefault(
      integer({
        minimum: 0,
        title: 'Lookback',
        description:
          'How many seconds before the last bookmark each window starts, to catch changes that sevDesk showed late',
      }),
      300,
    ),
    lag_seconds: withDefault(
      integer({
        minimum: 0,
        title: 'Lag',
        description:
          "How many seconds behind the server's clock each window ends; newer changes are read by the next run",
      }),
      5,
    ),
    full_sync_every_hours: withDefault(
      number({
        minimum: 0,
        title: 'Full sync every',
        description: 'Hours between full syncs, which read every object again and so detect deletions; 0 for every run',
      }),
      24,
    ),
    list_every_hours: withDefault(listHours, DEFAULT_LIST_HOURS),
    on_unreadable_update: withDefault(onUnreadableUpdate, 'include'),
    streams: array(ownStreamSchema, {
      title: 'More streams',
      description:
        'Additional streams, for endpoints that the tap does not know: name and path; optionally filter, key, replication and properties',
    }),
    ...requestSettings,
    max_retry_wait_seconds: withDefault(
      number({
        minimum: 0,
        title: 'Longest wait',
        description: 'Maximum seconds to wait before a retry, even if the service asks for more (Retry-After)',
      }),
      120,
    ),
  },
  { additionalProperties: false },
);

/** The settings, checked and with defaults filled in. */
export type SevdeskConfig = Infer<typeof configSchema>;
