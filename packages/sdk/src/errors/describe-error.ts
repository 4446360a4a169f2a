import { ExitCode, SingerError } from './singer-error.js';

/** What a command ends with for an error that reached its top: an unknown error is a failed run. */
export function exitCodeOf(error: unknown): ExitCode {
  return SingerError.isInstance(error) ? error.exitCode : ExitCode.runFailed;
}

/** One line for a person: the message without a stack; for an unknown error its kind as well. */
export function describeError(error: unknown): string {
  if (SingerError.isInstance(error)) return oneLine(error.message);
  if (error instanceof Error) return oneLine(`unexpected ${error.name}: ${error.message}`);
  return 'unexpected error';
}

/** The stack of an error and of what caused it, for log level debug. */
export function errorDetail(error: unknown): string {
  const parts: string[] = [];
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth += 1) {
    // Only name, message and stack: inspecting a whole error would print what libraries hang on it, headers included.
    parts.push(e.stack ?? `${e.name}: ${e.message}`);
  }
  return parts.join('\ncaused by ');
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
