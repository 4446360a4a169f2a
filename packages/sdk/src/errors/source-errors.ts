import { ExitCode, SingerError, type SingerErrorOptions } from './singer-error.js';

export interface SourceErrorOptions extends SingerErrorOptions {
  /** The status of the answer, where one came. @default none came */
  status?: number | undefined;
  /** What the answer said, without secrets and values of records. @default nothing */
  answer?: string | undefined;
}

/** Reading from a source failed. */
export abstract class SourceError extends SingerError {
  static override readonly mark: string = 'SourceError';
  /** The status of the answer; undefined where none came. */
  readonly status: number | undefined;
  /** What the answer said, without secrets and values of records; for programs and log level debug. */
  readonly answer: string | undefined;

  constructor({ status, answer, ...options }: SourceErrorOptions) {
    super(options);
    this.status = status;
    this.answer = answer;
  }
}

/** The source answered with records outside what was asked for: it ignored a filter. Going on would lose data. */
export class FilterIgnoredError extends SourceError {
  static override readonly mark: string = 'FilterIgnoredError';
  readonly code = 'FILTER_IGNORED';
}

/** The source could not be reached, hung up or did not answer in time. */
export class NetworkError extends SourceError {
  static override readonly mark: string = 'NetworkError';
  readonly code = 'NETWORK';
  override readonly retriable: boolean;
  /** Whether not even a connection came about: no such host, or nothing listens there. */
  readonly unreachable: boolean;
  /** Whether the answer was too much: it took too long, or its body was larger than what is read. Asking for less may help. */
  readonly tooMuch: boolean;
  /** Whether an answer began to come: the source is there, and what it sent could not be taken. */
  readonly answered: boolean;

  constructor({
    unreachable = false,
    tooMuch = false,
    retriable = true,
    answered = false,
    ...options
  }: SourceErrorOptions & { unreachable?: boolean; tooMuch?: boolean; retriable?: boolean; answered?: boolean }) {
    super(options);
    this.retriable = retriable;
    this.unreachable = unreachable;
    this.tooMuch = tooMuch;
    this.answered = answered;
  }
}

/** The source asks for a pause. */
export class RateLimitError extends SourceError {
  static override readonly mark: string = 'RateLimitError';
  readonly code = 'RATE_LIMIT';
  override readonly retriable = true;
  /** How long the source asks to wait, in milliseconds, if it said so. */
  readonly retryAfterMs: number | undefined;

  constructor({ retryAfterMs, ...options }: SourceErrorOptions & { retryAfterMs?: number | undefined }) {
    super(options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The source failed on its side (5xx or its own way of saying so). */
export class ServerError extends SourceError {
  static override readonly mark: string = 'ServerError';
  readonly code = 'SERVER';
  override readonly retriable = true;
  /** How long the source asks to wait, in milliseconds, if it said so. */
  readonly retryAfterMs: number | undefined;

  constructor({ retryAfterMs, ...options }: SourceErrorOptions & { retryAfterMs?: number | undefined }) {
    super(options);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The credentials are known but may not read this. Only the stream that asked ends; a run in which every stream was
 * refused ends as a refused sign-in does.
 */
export class AccessDeniedError extends SourceError {
  static override readonly mark: string = 'AccessDeniedError';
  readonly code = 'ACCESS_DENIED';
  override readonly exitCode = ExitCode.signInRefused;
}

/** The source refused the request as such (a 4xx other than 401, 403, 408 and 429). */
export class RequestRefusedError extends SourceError {
  static override readonly mark: string = 'RequestRefusedError';
  readonly code = 'REQUEST_REFUSED';
}

/** The source points from page to page in a circle. Going on would never end, stopping would lose records. */
export class PaginationLoopError extends SourceError {
  static override readonly mark: string = 'PaginationLoopError';
  readonly code = 'PAGINATION_LOOP';
}

/** The answer is not what the source promises: HTML, cut-off JSON, another shape. A maintenance page heals, so it is retried. */
export class UnexpectedResponseError extends SourceError {
  static override readonly mark: string = 'UnexpectedResponseError';
  readonly code = 'UNEXPECTED_RESPONSE';
  override readonly retriable = true;
}
