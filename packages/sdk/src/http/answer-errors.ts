import { AuthenticationError } from '../errors/authentication-error.js';
import type { SingerError } from '../errors/singer-error.js';
import { AccessDeniedError, RateLimitError, RequestRefusedError, ServerError } from '../errors/source-errors.js';
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
  /** What to do about refused credentials, and about a right that is missing. */
  advice: { authentication: string | undefined; access: string | undefined };
  /** The address that requests go to. */
  baseUrl: string;
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
  const withAdvice = (message: string, advice: string | undefined): string =>
    advice === undefined ? message : `${message}: ${advice}`;
  switch (action) {
    case 'refuse-sign-in':
      return new AuthenticationError({
        message: withAdvice(`sign-in was refused (${what} for ${endpoint})`, options.advice.authentication),
        ...told,
      });
    case 'deny-access':
      return new AccessDeniedError({
        message: withAdvice(`access was denied (${what} for ${endpoint})`, options.advice.access),
        ...told,
      });
    case 'rate-limit':
      return new RateLimitError({ message: `${endpoint}: too many requests (${what})`, retryAfterMs: asked, ...told });
    case 'retry':
      return new ServerError({
        message: `${endpoint} failed on the server's side (${what})`,
        retryAfterMs: asked,
        ...told,
      });
    case 'redirect':
      return new RequestRefusedError({
        message: `${endpoint} was redirected (HTTP ${status}) to ${targetOf(answer, options.baseUrl)}, which is not followed, because it would see the credentials; check the address that is configured`,
        ...told,
      });
    default:
      return new RequestRefusedError({
        message:
          status === 407
            ? `the proxy asks for a sign-in (HTTP 407 for ${endpoint}); give its user and password in HTTPS_PROXY or HTTP_PROXY`
            : `the server refused ${endpoint} (${what})`,
        // A proxy stands before every stream.
        endsRun: action === 'fail-run' || status === 407,
        ...told,
      });
  }
}

/** Where a redirect points, without its query. */
function targetOf(answer: Answer, baseUrl: string): string {
  const location = answer.header('location');
  if (location === undefined || !URL.canParse(location, baseUrl)) return 'nowhere';
  const { origin, pathname } = new URL(location, baseUrl);
  return `${origin}${pathname}`;
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
