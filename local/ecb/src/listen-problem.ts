/**
 * Why a server cannot listen, and what to do about it, in one line; undefined for an error of another kind.
 *
 * @param variable the environment variable that moves the server, beside its option `--port`
 */
export function listenProblem(error: unknown, variable: string): string | undefined {
  if (!(error instanceof Error && 'syscall' in error && error.syscall === 'listen' && 'port' in error))
    return undefined;
  const code = 'code' in error ? String(error.code) : 'unknown';
  const reason = REASONS[code] ?? `it cannot be used (${code})`;
  return `port ${String(error.port)}: ${reason}; choose another with --port or ${variable}, or 0 for a free one`;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens on it',
  EACCES: 'this user may not listen on it',
};
