/** Exit codes of every command: what a scheduler may conclude from how a run ended. */
export const ExitCode = {
  /** Everything was done. */
  done: 0,
  /** The run failed; running it again may help. */
  runFailed: 1,
  /** The configuration or the command line is wrong; running it again cannot help. */
  badUsage: 2,
  /** Sign-in was refused; running it again cannot help and may lock the account. */
  signInRefused: 3,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface SingerErrorOptions {
  /** One line: what is wrong, where, and what to do. Carries no secret and no record value. */
  message: string;
  /** The error underneath, shown only at log level debug. */
  cause?: unknown;
  /** Whether nothing else of the run is worth trying either. @default as its class says, mostly false */
  endsRun?: boolean | undefined;
}

/** The marks of an error's classes, under a symbol that all copies of this package share. */
const MARKS = Symbol.for('@singer-io-ts/sdk:error');

/** The class as `isInstance` sees it: anything that makes such errors, abstract or not. */
type ErrorClass<E extends SingerError> = (abstract new (...options: never[]) => E) & { readonly mark?: string };

/**
 * The base of every error this SDK throws on purpose.
 *
 * `code` names the kind for programs, `retriable` says whether the same call may succeed later, `endsRun` whether the
 * other streams of a run are to be left as well, and `exitCode` is what a command ends with when nobody catches it.
 */
export abstract class SingerError extends Error {
  /**
   * Names a class for {@link SingerError.isInstance}. A class without one of its own is told by `instanceof`, so an
   * error class of a plugin needs none.
   */
  static readonly mark: string = 'SingerError';
  abstract readonly code: string;
  readonly retriable: boolean = false;
  /** Whether nothing else of the run is worth trying either. Otherwise only the stream that met it ends. */
  readonly endsRun: boolean;
  readonly exitCode: ExitCode = ExitCode.runFailed;

  constructor({ message, cause, endsRun = false }: SingerErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.endsRun = endsRun;
    this.name = new.target.name;
    Object.defineProperty(this, MARKS, { value: marksOf(new.target) });
  }

  /**
   * Whether a value is an error of this class. Unlike `instanceof` it also knows errors of another copy of this package,
   * as a tree with two versions of it has.
   */
  static isInstance<E extends SingerError>(this: ErrorClass<E>, value: unknown): value is E {
    if (!Object.hasOwn(this, 'mark')) return value instanceof this;
    const marks = value instanceof Error ? (value as { [MARKS]?: unknown })[MARKS] : undefined;
    return Array.isArray(marks) && marks.includes(this.mark);
  }
}

/** The marks of a class and of those it extends. */
function marksOf(errorClass: object): string[] {
  const marks: string[] = [];
  for (let at: object | null = errorClass; at; at = Object.getPrototypeOf(at) as object | null) {
    const own: unknown = Object.hasOwn(at, 'mark') ? (at as { mark?: unknown }).mark : undefined;
    if (typeof own === 'string') marks.push(own);
  }
  return marks;
}
