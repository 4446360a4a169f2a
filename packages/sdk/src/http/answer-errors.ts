import { AuthenticationError } from '../errors/authentication-error.js';
import type { SingerError } from '../errors/singer-error.js';
import {
  AccessDeniedError,
  RateLimitError,
  RequestRefusedError,
  ServerError,
  UnexpectedResponseError,
} from '../errors/source-errors.js';
import type { Answer } from './answer.js';
import { redactAnswer, wordsOf } from './redact-answer.js';
import type { ResponseAction, ResponseRule } from './response-rules.js';
import { parseRetryAfter } from './retry-after.js';

export interface RefusalOptions {
  /** Method and path, for messages. */
  endpoint: string;
  /** What the plugin says of such an answer. */
  rule: ResponseRule | undefined;
  /** What was sent to sign in. */
  secrets: readonly string[];
  /** The server's clock. */
  nowMs: number;
  /** What to do about refused credentials. */
  advice: string | undefined;
  /** What the answer says, by the plugin's own reading. */
  reason: (() => string | undefined) | undefined;
}

/** The error that an answer is; undefined for one that can be read. */
export function refusalOf(answer: Answer, options: RefusalOptions): SingerError | undefined {
  const { endpoint, rule, secrets, nowMs } = options;
  const action = rule?.action ?? actionFor(answer);
  if (action === undefined) return undefined;
  const { status } = answer;
  const words = rule?.message ?? (options.reason ? options.reason() : wordsOf(answer, secrets));
  const what = `HTTP ${status}${words === undefined ? '' : `, ${words}`}`;
  const told = { status, answer: redactAnswer(answer, secrets) };
  const asked = rule?.retryAfterMs?.(answer) ?? parseRetryAfter(answer.header('retry-after'), nowMs);
  const advice = options.advice === undefined ? '' : `: ${options.advice}`;
  switch (action) {
    case 'refuse-sign-in':
      return new AuthenticationError({ message: `sign-in was refused (${what} for ${endpoint})${advice}`, ...told });
    case 'deny-access':
      return new AccessDeniedError({ message: `access was denied (${what} for ${endpoint})${advice}`, ...told });
    case 'rate-limit':
      return new RateLimitError({ message: `${endpoint}: too many requests (${what})`, retryAfterMs: asked, ...told });
    case 'retry':
      return new ServerError({
        message: `${endpoint} failed on the server's side (${what})`,
        retryAfterMs: asked,
        ...told,
      });
    case 'redirect':
      return new UnexpectedResponseError({
        message: `${endpoint} was redirected (${what}), which is not followed`,
        ...told,
      });
    default:
      return new RequestRefusedError({
        message: `the server refused ${endpoint} (${what})`,
        endsRun: action === 'fail-run',
        ...told,
      });
  }
}

/** What an answer means that no rule speaks of. */
function actionFor(answer: Answer): ResponseAction | 'deny-access' | 'redirect' | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  if (status === 401) return 'refuse-sign-in';
  if (status === 429) return 'rate-limit';
  // Who may not read something need not come again later: a 403 that asks to is a limit, as GitHub's are.
  if (status === 403) return answer.header('retry-after') === undefined ? 'deny-access' : 'rate-limit';
  if (status >= 500 || status === 408) return 'retry';
  return status >= 400 ? 'fail-stream' : 'redirect';
}
