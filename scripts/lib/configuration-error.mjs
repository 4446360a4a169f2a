/** What a script ends with when a setting or its command line cannot be used. */
export const EXIT_CONFIGURATION = 2;

/** Settings that cannot be used: the script ends with a line for each, and with exit code 2. */
export class ConfigurationError extends Error {
  /** @param {readonly string[]} problems a line for each setting: what is wrong and what it may be */
  constructor(problems) {
    super(problems.map((problem) => `✖ ${problem}`).join('\n'));
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

/** Throws everything that is wrong at once, if anything is. */
export function refuseSettings(problems) {
  const wrong = problems.filter((problem) => problem !== undefined);
  if (wrong.length > 0) throw new ConfigurationError(wrong);
}
