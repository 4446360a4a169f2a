import type { LogRecord } from './logger.js';

/** A line for people: time, level, plugin, message; the exception's stack below it when there is one. */
export function renderText({ level, logger, message, time, context: { exception } }: LogRecord): string {
  const line = `${time.toISOString()} ${level.toUpperCase().padEnd(7)} ${logger}: ${message}`;
  return exception === undefined ? line : `${line}\n${exception}`;
}

/**
 * A line of JSON with the keys of the Python SDK's `StructuredFormatter`, which Meltano parses into its own log:
 * levels, stream names, metrics and exceptions arrive as such (capability `structured-logging`).
 */
export function renderStructured({ level, logger, message, time, context }: LogRecord): string {
  const { stream, exception, metric, ...facts } = context;
  return JSON.stringify({
    level,
    pid: process.pid,
    logger_name: logger,
    ts: time.getTime() / 1000,
    thread_name: 'MainThread',
    app_name: logger,
    stream_name: stream ?? null,
    ...(exception === undefined ? {} : { exception: structureException(exception, logger) }),
    message,
    ...(metric === undefined ? {} : { metric_info: metric }),
    extra: facts,
  });
}

/** Takes a stack as text apart into what Meltano shows of an exception: its kind, its message and its frames. */
function structureException(stack: string, module: string): object {
  const [own = '', ...causes] = stack.split('\ncaused by ');
  const [, type = 'Error', message = own] = /^(\w+): ([^]*?)(?=\n\s+at |$)/.exec(own) ?? [];
  const frames = [...own.matchAll(/^\s+at (?:(.*?) \()?(.*?):(\d+):\d+\)?$/gm)].map(
    ([line, functionName = '<anonymous>', filename = '', lineno = '0']) => ({
      filename,
      function: functionName,
      lineno: Number(lineno),
      line: line.trim(),
    }),
  );
  const cause = causes.length === 0 ? {} : { cause: structureException(causes.join('\ncaused by '), module) };
  return { type, module, message, traceback: frames, ...cause };
}
