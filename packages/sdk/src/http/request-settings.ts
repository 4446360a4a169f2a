import { integer, number, string, withDefault } from '../schema/types.js';

/**
 * The settings of every tap that makes requests over HTTP, to be spread into its config schema: `request_timeout_seconds` (60),
 * `max_retries` (6) and `user_agent`. {@link requestOptions} turns their values into options of a client.
 */
export const requestSettings = {
  request_timeout_seconds: withDefault(
    number({
      exclusiveMinimum: 0,
      title: 'Request timeout',
      description: 'Maximum duration of a single request in seconds, including its response body',
    }),
    60,
  ),
  max_retries: withDefault(
    integer({
      minimum: 0,
      maximum: 20,
      title: 'Retries',
      description: 'Maximum number of retries of a failed request',
    }),
    6,
  ),
  user_agent: string({
    minLength: 1,
    title: 'User agent',
    description: 'User-Agent header to send. Default: name and version of the tap',
  }),
};

/** The values of {@link requestSettings}. */
export interface RequestSettings {
  request_timeout_seconds: number;
  max_retries: number;
  user_agent?: string | undefined;
}

/** What they mean for a client. Without `user_agent` the tap names itself, its version and that of Node.js. */
export function requestOptions(
  { request_timeout_seconds: seconds, max_retries: maxRetries, user_agent: userAgent }: RequestSettings,
  tap: { readonly name: string; readonly version: string },
): { userAgent: string; requestTimeoutMs: number; retry: { maxRetries: number } } {
  return {
    userAgent: userAgent ?? `${tap.name}/${tap.version} (Singer tap; Node.js ${process.versions.node})`,
    requestTimeoutMs: seconds * 1000,
    retry: { maxRetries },
  };
}
