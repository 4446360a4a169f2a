import { ConfigError } from '@singer-io-ts/sdk';

/** Settings that are missing or cannot be used. The message has a line for each, which says which one and what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads several settings and returns them by name.
 *
 * @throws {SettingsError} with the lines of all that are missing or wrong
 */
export function readAll<Readers extends Readonly<Record<string, () => unknown>>>(
  readers: Readers,
): { [Name in keyof Readers]: ReturnType<Readers[Name]> } {
  const problems: string[] = [];
  const values = Object.entries(readers).map(([name, read]) => {
    try {
      return [name, read()];
    } catch (error) {
      if (!(error instanceof SettingsError || error instanceof ConfigError)) throw error;
      problems.push(error.message);
      return [name, undefined];
    }
  });
  if (problems.length > 0) throw new SettingsError(problems.join('\n'));
  return Object.fromEntries(values) as { [Name in keyof Readers]: ReturnType<Readers[Name]> };
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value; an empty one counts as not set. */
export function optional(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** A variable's values with commas between them. */
export function list(env: Environment, name: string): string[] {
  return (optional(env, name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** An address that a link may lead to, without a slash at its end. */
export function webAddress(env: Environment, name: string, fallback: string): string {
  const text = optional(env, name) ?? fallback;
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text.replace(/\/+$/, '');
  throw new SettingsError(`${name} is ${JSON.stringify(text)}. It must be a web address such as ${fallback}.`);
}

export function wholeNumber(
  env: Environment,
  name: string,
  { fallback, minimum, maximum }: { fallback: number; minimum: number; maximum: number },
): number {
  const text = optional(env, name);
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new SettingsError(
    `${name} is ${JSON.stringify(text)}. It must be a whole number from ${minimum} to ${maximum}.`,
  );
}
