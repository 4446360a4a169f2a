export { SnowflakeWarehouse, type SnowflakeOptions } from './snowflake-warehouse.js';
export type { EnvironmentVariable } from './setting-named.js';
export { connectionFromEnvironment, snowflakeVariable } from './connection-from-environment.js';
export { connectionSchema, connectionSettings, type ConnectionConfig } from './connection-settings.js';
export type { Row, RunOptions, Session, Upload, Warehouse } from './session.js';
export { DeadlineError } from './deadline.js';
export {
  IntegrityError,
  LockConflictError,
  MissingObjectError,
  SessionLostError,
  snowflakeCode,
  TableChangedError,
  UnknownSignInError,
  UnreachableError,
} from './errors.js';
export { copyPlace } from './statement-errors.js';
export {
  lengthOf,
  MAX_IDENTIFIER_LENGTH,
  quoteIdentifier,
  quoteLiteral,
  quoteSchema,
  quoteTable,
  type SchemaName,
  type TableName,
} from './identifiers.js';
export { alterSession, type SessionParameters } from './session-parameters.js';
