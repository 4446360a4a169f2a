import { quoteIdentifier, quoteLiteral } from './identifiers.js';

export interface SessionParameters {
  /** Parameters of the user's own. */
  own: Readonly<Record<string, string | number | boolean>>;
  quotedIdentifiersIgnoreCase: boolean;
  queryTag: string;
  statementTimeoutSeconds: number;
  lockTimeoutSeconds: number;
}

/**
 * Pins every session parameter that the meaning of a load depends on, whatever the account's or the user's defaults are.
 * The user's own parameters come first, so that they cannot change these.
 */
export function alterSession({
  own,
  quotedIdentifiersIgnoreCase,
  queryTag,
  statementTimeoutSeconds,
  lockTimeoutSeconds,
}: SessionParameters): string {
  const pinned: SessionParameters['own'] = {
    QUERY_TAG: queryTag,
    TIMEZONE: 'UTC',
    QUOTED_IDENTIFIERS_IGNORE_CASE: quotedIdentifiersIgnoreCase,
    DATE_INPUT_FORMAT: 'AUTO',
    DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
    TIME_INPUT_FORMAT: 'AUTO',
    TIMESTAMP_INPUT_FORMAT: 'AUTO',
    BINARY_INPUT_FORMAT: 'HEX',
    AUTOCOMMIT: true,
    TRANSACTION_ABORT_ON_ERROR: true,
    ERROR_ON_NONDETERMINISTIC_MERGE: true,
    ABORT_DETACHED_QUERY: true,
    STATEMENT_TIMEOUT_IN_SECONDS: statementTimeoutSeconds,
    LOCK_TIMEOUT: lockTimeoutSeconds,
  };
  const merged = new Map(Object.entries(own).map(([name, value]) => [name.toUpperCase(), value]));
  for (const [name, value] of Object.entries(pinned)) merged.set(name, value);
  return `ALTER SESSION SET ${[...merged].map(([name, value]) => `${parameterName(name)} = ${parameterValue(value)}`).join(', ')}`;
}

const parameterName = (name: string): string => (/^[A-Z_]+$/.test(name) ? name : quoteIdentifier(name));
const parameterValue = (value: string | number | boolean): string =>
  typeof value === 'string' ? quoteLiteral(value) : String(value).toUpperCase();
