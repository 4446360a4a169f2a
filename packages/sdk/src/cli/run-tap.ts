import { UsageError } from '../errors/usage-error.js';
import type { TapDefinition, TestMode } from '../tap/tap.js';
import { aboutTap, renderAbout, type AboutFormat } from './about.js';
import {
  listOf,
  onceOf,
  ownOptions,
  parseArguments,
  type CommandOptions,
  type ParsedArguments,
} from './parse-arguments.js';
import { print } from './print.js';
import { runCommand, type CommandContext } from './run-command.js';

const TEST_MODES = ['connection', 'records', 'schema'] as const;

const TAP_OPTIONS: CommandOptions = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'JSON file with settings, or ENV for environment variables; may be repeated, later ones win',
  },
  state: { type: 'string', requiresArg: true, describe: 'JSON file with the state of the last run' },
  catalog: {
    type: 'string',
    requiresArg: true,
    alias: 'properties',
    describe: 'JSON file with the catalog that selects streams and properties',
  },
  discover: { type: 'boolean', alias: 'd', describe: 'print the catalog; needs no credentials and no network' },
  test: { type: 'string', describe: `try it without writing messages: ${TEST_MODES.join(', ')} (default records)` },
  about: { type: 'boolean', describe: 'print what the tap is and its settings' },
  format: {
    type: 'string',
    requiresArg: true,
    choices: ['text', 'json', 'markdown'],
    describe: 'output format of --about',
  },
};

/** A tap's command: enough to answer `--version` without loading the tap. */
export interface TapCommand<C> {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Options beside the SDK's own. */
  readonly options?: CommandOptions;
  load(): Promise<TapDefinition<C>>;
}

/**
 * Runs a tap as a command and ends the process with the exit code that tells how it went.
 *
 * @param plugin the tap, or how to load it when it is needed
 * @param argv the command line without the program. @default that of the process
 */
export async function runTap<C>(
  plugin: TapCommand<C> | TapDefinition<C>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<never> {
  const command: TapCommand<C> =
    'load' in plugin ? plugin : { ...namesOf(plugin), load: () => Promise.resolve(plugin) };
  return runCommand(command.name, async (context) => {
    const { name, version, description, options = {} } = command;
    const parsed = await parseArguments({
      name,
      version,
      description,
      argv,
      options: { ...TAP_OPTIONS, ...options },
      epilogue:
        'Messages go to stdout, logs to stderr. Exit codes: 0 done, 1 the run failed, 2 bad settings or usage, 3 sign-in refused.',
    });
    if (parsed) await act(command, parsed, context);
  });
}

async function act<C>(command: TapCommand<C>, parsed: ParsedArguments, context: CommandContext): Promise<void> {
  const definition = await command.load();
  if (parsed['about'] === true)
    return print(
      renderAbout(await aboutTap(definition, context.logger), (parsed['format'] as AboutFormat | undefined) ?? 'text'),
    );
  // What only some ways of calling need is loaded only then: it is what start-up costs.
  const { TapRun } = await import('../tap/tap-run.js');
  const run = new TapRun({
    definition,
    configSources: listOf(parsed['config']),
    state: onceOf(parsed['state'], 'state'),
    catalog: onceOf(parsed['catalog'], 'catalog'),
    options: ownOptions(parsed, command.options ?? {}),
    ...context,
  });
  if (parsed['discover'] === true) return print(JSON.stringify(await run.discover(), undefined, 2));
  if (parsed['test'] !== undefined) return run.test(testMode(onceOf(parsed['test'], 'test')));
  await run.sync(process.stdout);
}

function testMode(mode: string | undefined): TestMode {
  const wanted = mode === undefined || mode === '' || mode === 'true' || mode === 'all' ? 'records' : mode;
  const known = TEST_MODES.find((name) => name === wanted);
  if (known) return known;
  throw new UsageError({ message: `--test takes ${TEST_MODES.join(', ')}, not "${wanted}"` });
}

function namesOf({ name, version, description }: Omit<TapCommand<never>, 'load'>): Omit<TapCommand<never>, 'load'> {
  return { name, version, description };
}
