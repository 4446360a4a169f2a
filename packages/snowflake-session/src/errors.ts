import {
  LoadError,
  SchemaConflictError,
  SingerError,
  StatementRefusedError,
  WarehouseUnavailableError,
  type SingerErrorOptions,
} from '@singer-io-ts/sdk';
import { codeOf } from './driver-error.js';

/** Another transaction holds what this one needs. The transaction as a whole can be tried again. */
export class LockConflictError extends LoadError {
  readonly code = 'LOCK_CONFLICT';
  override readonly retriable = true;
}

/** Another process changed the table since it was looked at. What was planned for it has to be planned again. */
export class TableChangedError extends SchemaConflictError {
  override readonly retriable: boolean = true;
}

/** What a statement needs is not there, or the role may not see it. */
export class MissingObjectError extends StatementRefusedError {}

/** The session is gone, and with it its transaction, temporary tables and stages. What was under way has to be done again in another one. */
export class SessionLostError extends WarehouseUnavailableError {}

/** What arrived is not what was sent: rows or files are missing or too many. Nothing of it is committed; it is done again. */
export class IntegrityError extends LoadError {
  readonly code = 'INTEGRITY';
  override readonly retriable: boolean = true;
}

/** Snowflake could not be reached at the start of a run. The driver has tried several times by then; a scheduler may try the run again. */
export class UnreachableError extends WarehouseUnavailableError {
  override readonly retriable: boolean;

  constructor({ retriable, ...options }: SingerErrorOptions & { retriable: boolean }) {
    super(options);
    this.retriable = retriable;
  }
}

/** Signing in failed for an unknown reason. It is told as it came. */
export class UnknownSignInError extends LoadError {
  readonly code = 'SIGN_IN_FAILED';
}

/** Snowflake's own code behind an error of this package; undefined when there is none. */
export function snowflakeCode(error: unknown): string | undefined {
  if (!(error instanceof SingerError)) return undefined;
  const code = codeOf(error.cause ?? {});
  return /^\d{6}$/.test(code) ? code : undefined;
}
