/** A setting that is missing or cannot be used. The message is one line that says which one and what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
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
