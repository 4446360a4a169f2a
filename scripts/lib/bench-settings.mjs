import { ConfigurationError, EXIT_CONFIGURATION } from './configuration-error.mjs';
import { readNumbers } from './number-settings.mjs';

/** The sizes of a benchmark from environment variables; what is wrong with them ends it at once, with a line for each. */
export function readBenchSettings(defaults) {
  try {
    return readNumbers(defaults);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(EXIT_CONFIGURATION);
  }
}
