import type { Answer } from './answer.js';

/**
 * What is done with an answer:
 *
 * - `retry`: try again later, as after a failure of the server;
 * - `rate-limit`: wait as long as the answer asks, then try again;
 * - `ignore`: leave this listing out with a warning. Its rows do not count as gone;
 * - `no-children`: there is nothing here, as when a 404 says so. Rows that were here are gone;
 * - `fail-stream`: this stream fails, the others continue;
 * - `fail-run`: the whole run fails;
 * - `refuse-sign-in`: the credentials are not accepted; nothing more is sent, exit code 3.
 */
export type ResponseAction =
  'retry' | 'rate-limit' | 'ignore' | 'no-children' | 'fail-stream' | 'fail-run' | 'refuse-sign-in';

/** A status, or a class of them such as `5xx`. */
export type StatusMatch = number | `${1 | 2 | 3 | 4 | 5}xx`;

/** What an answer means that the general rules would take otherwise. The first rule that holds decides. */
export interface ResponseRule {
  /** @default any status */
  readonly status?: StatusMatch | readonly StatusMatch[];
  /** What the body must contain. @default anything */
  readonly body?: string | RegExp;
  /** What else must hold, such as a header or a property of the JSON body. @default nothing */
  readonly when?: (answer: Answer) => boolean;
  readonly action: ResponseAction;
  /** For `rate-limit` and `retry`: how long to wait, in milliseconds. @default what Retry-After says */
  readonly retryAfterMs?: (answer: Answer) => number | undefined;
  /** What to tell of it, in place of the answer's own words. @default what the answer says */
  readonly message?: string;
}

/** The first rule that holds for an answer. */
export function ruleFor(answer: Answer, rules: readonly ResponseRule[]): ResponseRule | undefined {
  return rules.find(({ status, body, when }) => {
    if (status !== undefined && !(isList(status) ? status : [status]).some((one) => isStatus(answer.status, one)))
      return false;
    if (typeof body === 'string' && !answer.text.includes(body)) return false;
    if (body instanceof RegExp && answer.text.search(body) < 0) return false;
    return when?.(answer) ?? true;
  });
}

const isList = (status: StatusMatch | readonly StatusMatch[]): status is readonly StatusMatch[] =>
  Array.isArray(status);

const isStatus = (status: number, match: StatusMatch): boolean =>
  typeof match === 'number' ? status === match : Math.floor(status / 100) === Number(match[0]);
