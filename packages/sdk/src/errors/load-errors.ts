import { SingerError } from './singer-error.js';

/** Writing to a warehouse failed. */
export abstract class LoadError extends SingerError {
  static override readonly mark: string = 'LoadError';
}

/** What is to be loaded does not fit the table that is there. */
export class SchemaConflictError extends LoadError {
  static override readonly mark: string = 'SchemaConflictError';
  readonly code = 'SCHEMA_CONFLICT';
}

/** The warehouse refused the staged rows. */
export class CopyRejectedError extends LoadError {
  static override readonly mark: string = 'CopyRejectedError';
  readonly code = 'COPY_REJECTED';
}

/** The warehouse refused a statement: a missing grant, a missing object, a wrong name. */
export class StatementRefusedError extends LoadError {
  static override readonly mark: string = 'StatementRefusedError';
  readonly code = 'STATEMENT_REFUSED';
}

/** The warehouse cannot be reached or did not answer in time. */
export class WarehouseUnavailableError extends LoadError {
  static override readonly mark: string = 'WarehouseUnavailableError';
  readonly code = 'WAREHOUSE_UNAVAILABLE';
  override readonly retriable: boolean = true;
}
