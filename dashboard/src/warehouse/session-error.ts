import { AuthenticationError, ConfigError, WarehouseUnavailableError } from '@singer-io-ts/sdk';
import { MissingObjectError, snowflakeCode, TableChangedError } from '@singer-io-ts/snowflake-session';
import { WarehouseError } from './warehouse.js';
import type { WarehouseFault } from './warehouse.js';

const MAX_LENGTH = 400;

/** An error of the session in the dashboard's own terms. Settings that are wrong stay what they are: the command ends with them. */
export function fromSessionError(error: unknown): WarehouseError | ConfigError {
  if (error instanceof WarehouseError || error instanceof ConfigError) return error;
  const fault = faultOf(error);
  return new WarehouseError({ fault, message: describe(error, fault), cause: error });
}

function faultOf(error: unknown): WarehouseFault {
  if (error instanceof MissingObjectError || error instanceof TableChangedError) return 'missing';
  if (error instanceof AuthenticationError) return 'refused';
  return error instanceof WarehouseUnavailableError ? 'unreachable' : 'failed';
}

function describe(error: unknown, fault: WarehouseFault): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = snowflakeCode(error);
  // What the statements of the dashboard hold is no secret: Snowflake's own words help most.
  const { message } =
    fault === 'missing' || fault === 'failed' ? (error.cause instanceof Error ? error.cause : error) : error;
  const line = message.replace(/\s*\n\s*/g, ' ').slice(0, MAX_LENGTH);
  return code === undefined || line.includes(code) ? line : `${line} (Snowflake ${code})`;
}
