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
    message,
    extra: facts,
    ...(metric === undefined ? {} : { metric_info: metric }),
    ...(exception === undefined
      ? {}
      : { exception: { type: 'Error', module: logger, message: exception, traceback: [] } }),
  });
}
