import { UsageError } from '../errors/usage-error.js';
import type { TapDefinition, TestMode } from '../tap/tap.js';
import { aboutTap } from './about.js';
import { listOf, onceOf, type CommandOptions } from './parse-arguments.js';
import { runPlugin, type PluginCommand } from './plugin-command.js';
import { print } from './print.js';

const TEST_MODES = ['connection', 'records', 'schema'] as const;

const TAP_OPTIONS: CommandOptions = {
  state: { type: 'string', requiresArg: true, describe: 'JSON file with the state of the last run' },
  catalog: {
    type: 'string',
    requiresArg: true,
    alias: 'properties',
    describe: 'JSON file with the catalog that selects streams and properties',
  },
  discover: { type: 'boolean', alias: 'd', describe: 'print the catalog; needs no credentials and no network' },
  test: { type: 'string', describe: `try it without writing messages: ${TEST_MODES.join(', ')} (default records)` },
};

/** A tap's command: enough to answer `--version` without loading the tap. */
export type TapCommand<C> = PluginCommand<TapDefinition<C>>;

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
  return runPlugin<TapDefinition<C>>(plugin, argv, {
    kind: 'tap',
    options: TAP_OPTIONS,
    messages: 'Messages go to stdout, logs to stderr.',
    examples: [
      ['$0 --config config.json --test', 'check the settings against the source'],
      ['$0 --discover > catalog.json', 'list the streams'],
      ['$0 --config config.json --state state.json | target-jsonl', 'sync what changed since the last run'],
    ],
    about: (definition, { logger }) => aboutTap(definition, logger),
    run: async (definition, parsed, context) => {
      // What only some ways of calling need is loaded only then: it is what start-up costs.
      const { TapRun } = await import('../tap/tap-run.js');
      const run = new TapRun({
        definition,
        configSources: listOf(parsed['config']),
        state: onceOf(parsed['state'], 'state'),
        catalog: onceOf(parsed['catalog'], 'catalog'),
        ...context,
      });
      if (parsed['discover'] === true) return print(JSON.stringify(await run.discover(), undefined, 2));
      if (parsed['test'] !== undefined) return run.test(testMode(onceOf(parsed['test'], 'test')));
      await run.sync(process.stdout);
    },
  });
}

function testMode(mode: string | undefined): TestMode {
  const wanted = mode === undefined || mode === '' || mode === 'true' || mode === 'all' ? 'records' : mode;
  const known = TEST_MODES.find((name) => name === wanted);
  if (known) return known;
  throw new UsageError({ message: `--test takes ${TEST_MODES.join(', ')}, not "${wanted}"` });
}
