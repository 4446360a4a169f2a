import {
  CopyRejectedError,
  StatementRefusedError,
  WarehouseUnavailableError,
  type SingerError,
} from '@singer-io-ts/sdk';
import { isNetworkCode, meaningOf, type Meaning } from './codes.js';
import { settingNamed, type EnvironmentVariable } from './setting-named.js';
import { codeOf, networkReason, type DriverError } from './driver-error.js';
import {
  IntegrityError,
  LockConflictError,
  MissingObjectError,
  SessionLostError,
  TableChangedError,
} from './errors.js';

/** A statement that threw. */
export interface Attempted {
  /** What it does, such as `MERGE` or `CREATE TABLE`. */
  verb: string;
  /** What was being done, in words for the user: the message begins with it. */
  what: string;
}

/** Maps what a statement threw. The statement itself and the service's words, which may hold values, are left to the cause. */
export function mapStatementError(
  error: unknown,
  { verb, what }: Attempted,
  environmentVariable: EnvironmentVariable,
): SingerError {
  const code = codeOf(error as DriverError);
  const meaning = meaningOf(code);
  const cause = printable(error as DriverError, meaning);
  const because = (reason: string): { message: string; cause: unknown } => ({ message: `${what}: ${reason}`, cause });
  switch (meaning?.kind) {
    case 'session over':
      return new SessionLostError(because('the Snowflake session has ended'));
    case 'lock conflict':
      return new LockConflictError(because(`another run holds the lock (code ${code})`));
    case 'cancelled':
      return new WarehouseUnavailableError(
        because(`the statement was cancelled or took too long (code ${code}); see statement_timeout_seconds`),
      );
    case 'staged file missing':
      // The files are uploaded again with each try.
      return new IntegrityError(because(`a staged file is not there (code ${code})`));
    case 'right missing':
      return new StatementRefusedError(
        because(`the role lacks a right for this (code ${code}); grant it or choose another "role"`),
      );
    case 'no warehouse':
      return new StatementRefusedError(
        because(
          `no warehouse is active; set ${settingNamed('warehouse', environmentVariable)} to one that the role may use`,
        ),
      );
    case 'no database':
      return new MissingObjectError(
        because(
          `the session has no database or schema (code ${code}); check ${settingNamed('database', environmentVariable)} and that the role may use it`,
        ),
      );
    case 'object missing':
      return new MissingObjectError(
        because(
          `${missingObject(cause.message)} does not exist or the role may not see it (code ${code}); check database, schema, warehouse and role`,
        ),
      );
    case 'object hidden':
      return new StatementRefusedError(
        because(
          `${hiddenObject(cause.message)} exists, but the role may not see it (code ${code}); let its owner grant the role its rights (GRANT SELECT, INSERT, UPDATE, DELETE ON …), or choose another "role" or table`,
        ),
      );
    case 'object exists':
      // IF NOT EXISTS looks first and makes then: two runs that start together can both look before one makes.
      return new TableChangedError(because(`another run has just made it (code ${code})`));
    case 'column missing':
      // Nobody can have taken a column from a table that is only being made.
      if (verb.startsWith('CREATE'))
        return new StatementRefusedError(
          because(
            `it names a column that is not there (code ${code}); check what the settings say of the table, such as cluster_by`,
          ),
        );
      return new TableChangedError(
        because('a column is not there any more; another process changed the table, run again'),
      );
    case 'bad value':
      return new CopyRejectedError(because(`Snowflake refused a value${placeOf(cause.message)} (code ${code})`));
    default:
  }
  if (isNetworkCode(code))
    return new SessionLostError(because(`the connection to Snowflake broke${networkReason(cause)}`));
  if (meaning?.kind === 'internal' && /conflict|lock(ed)?\b/i.test(cause.message))
    return new LockConflictError(because(`another run holds the lock (code ${code})`));
  if (meaning?.kind === 'internal')
    return new WarehouseUnavailableError(because(`Snowflake met an internal error (code ${code})`));
  return new StatementRefusedError(
    because(
      code === ''
        ? `failed for an unknown reason (${cause.name}); log level debug shows more`
        : `Snowflake refused the statement (code ${code}); log level debug shows why`,
    ),
  );
}

/** Messages about names quote names; all others may quote values. */
const NAMES_ONLY: ReadonlySet<Meaning['kind'] | undefined> = new Set<Meaning['kind']>([
  'object missing',
  'object hidden',
  'column missing',
  'object exists',
  'no database',
  'right missing',
]);

/** The driver's error as a cause that may be printed: the service quotes the value that it refused, which belongs in no log. */
function printable(error: DriverError, meaning: Meaning | undefined): DriverError & Error {
  const [told = '', ...place] = (error.message ?? '').split(/(?=\n\s*File ')/);
  const redacted = new Error(
    [NAMES_ONLY.has(meaning?.kind) ? told : told.replace(/'[\s\S]*'/, "'…'"), ...place].join(''),
  );
  redacted.name = error instanceof Error ? error.name : 'DriverError';
  redacted.stack = `${redacted.name}: ${redacted.message}`;
  const { code, sqlState, data, response, cause } = error;
  return Object.assign(redacted, { code, sqlState, data, response, cause }) as DriverError & Error;
}

/** The object that is missing, as Snowflake names it; it never is a value. */
function missingObject(message: string): string {
  return /\b(\w+ '[^']+') does not exist/.exec(message)?.[1] ?? 'something that it needs';
}

/** The object that the role may not see, as Snowflake names it. */
function hiddenObject(message: string): string {
  return /\b(\w+ '[^']+') already exists/.exec(message)?.[1] ?? 'what it would make';
}

/** Where a COPY stopped: file, line and column, which the service's message holds beside the value. */
export function copyPlace(message: string | undefined): { file?: string; line?: number; column?: string } {
  const file = /File '([^']+)'/i.exec(message ?? '')?.[1];
  const line = /line (\d+)/i.exec(message ?? '')?.[1];
  const column = /column "?[^"]*"?\["(C\d+)":\d+\]/i.exec(message ?? '')?.[1];
  return {
    ...(file === undefined ? {} : { file: file.split('/').at(-1) ?? file }),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column }),
  };
}

function placeOf(message: string | undefined): string {
  const { file, line } = copyPlace(message);
  return file === undefined ? '' : ` in staged file ${file}${line === undefined ? '' : `, line ${line}`}`;
}
