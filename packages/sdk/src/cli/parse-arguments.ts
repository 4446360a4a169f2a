import { UsageError } from '../errors/usage-error.js';
import { nearestName } from '../config/nearest-name.js';
import { describeError } from '../errors/describe-error.js';

/** An option of a command line. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** What it is for, for `--help`. */
  readonly describe: string;
  /** Whether it needs a value. @default false */
  readonly requiresArg?: boolean;
  /** The values it may have. @default any */
  readonly choices?: readonly string[];
  /** Another name for it. @default none */
  readonly alias?: string;
}

/** Options of a command line by name. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** A command line taken apart: every option by name; an option that was given twice is a list. */
export type ParsedArguments = Readonly<Record<string, unknown>>;

export interface ParseArgumentsOptions {
  name: string;
  version: string;
  description: string;
  options: CommandOptions;
  epilogue: string;
  /** Command lines for `--help`, each with what it does. */
  examples: readonly (readonly [command: string, description: string])[];
  argv: readonly string[];
}

/**
 * Parses a command line. `--help` and `--version` print and resolve to undefined.
 *
 * @throws {UsageError} naming an unknown option or a missing value
 */
export async function parseArguments(options: ParseArgumentsOptions): Promise<ParsedArguments | undefined> {
  const { name, version, argv } = options;
  // Answered before the parser is loaded: Meltano and people ask for it often.
  if (argv.length === 1 && argv[0] === '--version') {
    process.stdout.write(`${name} ${version}\n`);
    return undefined;
  }
  const { default: yargs } = await import('yargs');
  const parser = yargs([...argv])
    .scriptName(name)
    .usage(`$0 [options]\n\n${options.description}`)
    .options(options.options)
    .version(`${name} ${version}`)
    .help()
    .alias('help', 'h')
    .epilogue(options.epilogue)
    .strict()
    .exitProcess(false)
    .example(options.examples.map(([command, text]) => [command, text]))
    .wrap(helpWidth())
    .fail((message: string, error: Error | undefined) => {
      const advice = didYouMean(message, Object.keys(options.options)) ?? `"${name} --help" lists the options`;
      throw new UsageError({ message: `${message || describeError(error)}; ${advice}`.replaceAll('\n', ' ') });
    });
  const parsed = (await parser.parseAsync()) as Record<string, unknown>;
  return parsed['help'] === true || parsed['version'] === true ? undefined : parsed;
}

/** The terminal's width, within what reads well: narrower than 40 columns the two columns of help break each word. */
function helpWidth(): number {
  const columns = (process.stdout.columns as number | undefined) ?? (Number(process.env['COLUMNS']) || 80);
  return Math.min(Math.max(columns, 40), 120);
}

/** What was meant by the options that yargs calls unknown, if something like them exists. */
function didYouMean(message: string, known: readonly string[]): string | undefined {
  const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1]?.split(', ') ?? [];
  const nearest = unknown
    .map((name) => nearestName(name, [...known, 'help', 'version']))
    .filter((name) => name !== undefined);
  if (nearest.length === 0) return undefined;
  return `did you mean ${[...new Set(nearest)].map((name) => `--${name}`).join(' and ')}?`;
}

/** The values of an option that may be given several times. */
export function listOf(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** The value of an option that may be given once. @throws {UsageError} when it was given more often */
export function onceOf(value: unknown, option: string): string | undefined {
  const values = listOf(value);
  if (values.length > 1) throw new UsageError({ message: `--${option} may be given once only` });
  return values[0];
}

/** What a plugin's own options were set to. */
export function ownOptions(parsed: ParsedArguments, own: CommandOptions): Record<string, string | boolean | undefined> {
  return Object.fromEntries(
    Object.keys(own).map((name) => {
      const value = parsed[name];
      return [name, typeof value === 'string' || typeof value === 'boolean' ? value : undefined];
    }),
  );
}
