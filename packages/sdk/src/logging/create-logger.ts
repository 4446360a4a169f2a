import { readFileSync, writeSync } from 'node:fs';
import { LOG_LEVELS, Logger, type LogLevel } from './logger.js';
import { renderStructured, renderText } from './render.js';

const STDERR = 2;

/**
 * The logger of a command: level from `<PLUGIN>_LOGLEVEL` or `LOG_LEVEL` (default info), structured when
 * Meltano asks for it through the file that `SINGER_SDK_LOG_CONFIG` names.
 */
export function createLogger(
  plugin: string,
  env: Readonly<Record<string, string | undefined>>,
  level?: string,
): Logger {
  const own = env[`${plugin.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}_LOGLEVEL`];
  const wanted = (level ?? own ?? env['LOG_LEVEL'] ?? 'info').toLowerCase();
  const known = LOG_LEVELS.find((name) => name === (wanted === 'warn' ? 'warning' : wanted)) ?? 'info';
  return new Logger(
    plugin,
    known satisfies LogLevel,
    writeStderr,
    asksForStructured(env) ? renderStructured : renderText,
  );
}

function asksForStructured(env: Readonly<Record<string, string | undefined>>): boolean {
  const path = env['SINGER_SDK_LOG_CONFIG'];
  if (!path) return false;
  try {
    return readFileSync(path, 'utf8').includes('StructuredFormatter');
  } catch {
    return false;
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
