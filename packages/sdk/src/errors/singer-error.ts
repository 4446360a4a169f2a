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
}

/**
 * The base of every error this SDK throws on purpose.
 *
 * `code` names the kind for programs, `retriable` says whether the same call may succeed later,
 * and `exitCode` is what a command ends with when nobody catches it.
 */
export abstract class SingerError extends Error {
  abstract readonly code: string;
  readonly retriable: boolean = false;
  readonly exitCode: ExitCode = ExitCode.runFailed;

  constructor({ message, cause }: SingerErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
  }
}
