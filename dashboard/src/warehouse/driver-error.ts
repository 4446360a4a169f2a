import { WarehouseError } from './warehouse.js';
import type { WarehouseFault } from './warehouse.js';

const MAX_LENGTH = 400;
// Object, schema or database that does not exist or is not granted; invalid identifier (a column).
const MISSING = new Set(['002003', '002043', '000904']);
// Wrong user or password, disabled or locked user, key that does not fit, multi-factor sign-in asked for, role or network not allowed.
const REFUSED = new Set([
  '390100',
  '390101',
  '390102',
  '390103',
  '390144',
  '390189',
  '390197',
  '390186',
  '390191',
  '390201',
  '390422',
  '394400',
  '394500',
]);
// The session was opened when the database or schema was not there or not granted yet.
const WITHOUT_DATABASE = new Set(['090105', '090106']);
// Session or token expired or gone.
const EXPIRED = new Set(['390104', '390111', '390112', '390114', '390115', '407001', '407002']);

/** An error of the driver in the dashboard's own terms. */
export function fromDriverError(error: unknown): WarehouseError {
  if (error instanceof WarehouseError) return error;
  const code = codeOf(error);
  return new WarehouseError({ fault: faultOf(error, code), message: describe(error, code), cause: error });
}

/** Whether the session is over or of no use, so that the statement is worth one more try on a new one. */
export function needsNewSession(error: unknown): boolean {
  const code = codeOf(error);
  return EXPIRED.has(code) || WITHOUT_DATABASE.has(code);
}

function faultOf(error: unknown, code: string): WarehouseFault {
  if (MISSING.has(code) || WITHOUT_DATABASE.has(code)) return 'missing';
  if (REFUSED.has(code)) return 'refused';
  const name = error instanceof Error ? error.name : '';
  // The driver numbers its own network faults 401xxx; an operating system's code (ECONNREFUSED) has letters.
  if (name === 'NetworkError' || code.startsWith('401') || /^E[A-Z]+$/.test(code) || EXPIRED.has(code))
    return 'unreachable';
  return 'failed';
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code).padStart(6, '0');
}

function describe(error: unknown, code: string): string {
  // Snowflake says what is wrong in the lines after the first.
  const message =
    error instanceof Error ? error.message.replace(/\s*\n\s*/g, ' ').slice(0, MAX_LENGTH) : 'unknown error';
  return code === '' || /[A-Z]/.test(code) ? message : `${message} (Snowflake ${code})`;
}
