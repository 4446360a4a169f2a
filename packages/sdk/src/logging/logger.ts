/** Log levels as Python's logging, Meltano and the Singer world name them. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What hangs on a log line: the stream it speaks of, an exception's stack, and facts by name. Never secrets or record values. */
export interface LogContext {
  stream?: string;
  exception?: string;
  /** A metric, as METRIC lines carry it. */
  metric?: object;
  [fact: string]: unknown;
}

/** One line of log, before it is rendered. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly time: Date;
  readonly context: LogContext;
}

/** Writes one line per call, to stderr and never to stdout, which belongs to messages. */
export class Logger {
  readonly #threshold: number;

  /**
   * @param name the plugin's name, shown on each line
   * @param level the least level that is written
   * @param write takes a rendered line, without its newline
   * @param render turns a record into a line
   */
  constructor(
    readonly name: string,
    readonly level: LogLevel,
    private readonly write: (line: string) => void,
    private readonly render: (record: LogRecord) => string,
  ) {
    this.#threshold = LOG_LEVELS.indexOf(level);
  }

  /** Whether lines of this level are written; ask before building a costly message. */
  isEnabled(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#threshold;
  }

  debug(message: string, context?: LogContext): void {
    this.log('debug', message, context);
  }

  info(message: string, context?: LogContext): void {
    this.log('info', message, context);
  }

  warning(message: string, context?: LogContext): void {
    this.log('warning', message, context);
  }

  error(message: string, context?: LogContext): void {
    this.log('error', message, context);
  }

  log(level: LogLevel, message: string, context: LogContext = {}): void {
    if (!this.isEnabled(level)) return;
    this.write(this.render({ level, logger: this.name, message, time: new Date(), context }));
  }
}

/** A logger that writes nothing. */
export function silentLogger(name = 'silent'): Logger {
  return new Logger(
    name,
    'critical',
    () => undefined,
    () => '',
  );
}
