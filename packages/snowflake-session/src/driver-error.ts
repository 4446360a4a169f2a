/** What the driver throws, as far as it is read. */
export interface DriverError {
  code?: string | number;
  sqlState?: string;
  message?: string;
  response?: { status?: number; statusCode?: number };
  data?: { errorCode?: string };
  cause?: unknown;
}

/** The code in six digits, as Snowflake documents it; the system's own word for a broken connection; empty when there is none. */
export function codeOf(error: DriverError): string {
  const code = String(error.code ?? error.data?.errorCode ?? '');
  return code === '' ? '' : code.padStart(6, '0');
}

/** The system's word for a broken connection, if there is one, in brackets: ` (ECONNREFUSED)`. */
export function networkReason(error: DriverError): string {
  for (
    let e: DriverError | undefined = error, depth = 0;
    e && depth < 5;
    e = e.cause as DriverError | undefined, depth += 1
  ) {
    const code = /\b(E[A-Z]{4,}|HTTP \d{3})\b/.exec(`${e.code ?? ''} ${e.message ?? ''}`)?.[1];
    if (code) return ` (${code})`;
  }
  return '';
}

/** What was said, in one line. */
export const oneLine = (text = 'no reason given'): string => text.replace(/\s*\n\s*/g, ' ').trim();
