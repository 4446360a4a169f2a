import { readFileSync, writeSync } from 'node:fs';
import { LOG_LEVELS, Logger, type LogLevel } from './logger.js';
import { renderStructured, renderText } from './render.js';

const STDERR = 2;

/**
 * The logger of a command: its level from `<PLUGIN>_LOGLEVEL`, else `LOG_LEVEL`, else the file that
 * `SINGER_SDK_LOG_CONFIG` names (Meltano writes it), else info; structured when that file asks for it.
 *
 * @param beforeLine called before each line, to clear what else stands on the terminal
 */
export function createLogger(
  plugin: string,
  env: Readonly<Record<string, string | undefined>>,
  beforeLine: () => void = () => undefined,
): Logger {
  const own = env[`${plugin.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}_LOGLEVEL`];
  const asked = readLogConfig(env['SINGER_SDK_LOG_CONFIG']);
  const level = levelOf(own) ?? levelOf(env['LOG_LEVEL']) ?? levelOf(asked.level) ?? 'info';
  const write = (line: string): void => {
    beforeLine();
    writeStderr(line);
  };
  return new Logger(plugin, level, write, asked.structured ? renderStructured : renderText);
}

function levelOf(text: string | undefined): LogLevel | undefined {
  const wanted = text?.toLowerCase();
  return LOG_LEVELS.find((name) => name === (wanted === 'warn' ? 'warning' : wanted));
}

interface LogConfig {
  readonly structured: boolean;
  readonly level: string | undefined;
}

/** What a file in the form of Python's `logging.config.dictConfig` says that matters here. A file that cannot be read says nothing. */
function readLogConfig(path: string | undefined): LogConfig {
  if (!path) return { structured: false, level: undefined };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { structured: false, level: undefined };
  }
  return { structured: text.includes('StructuredFormatter'), level: rootLevel(text) };
}

function rootLevel(text: string): string | undefined {
  try {
    const { root } = JSON.parse(text) as { root?: { level?: unknown } };
    return typeof root?.level === 'string' ? root.level : undefined;
  } catch {
    // The file may be YAML, which only says how lines look.
    return undefined;
  }
}

/** Written synchronously, so that the last line before an exit is not lost. A full or closed stderr loses a log line, not data. */
function writeStderr(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  let written = 0;
  for (let attempts = 0; written < bytes.length && attempts < 1000; attempts += 1) {
    try {
      written += writeSync(STDERR, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}
