import { renderAbout, type About, type AboutFormat } from './about.js';
import { ownOptions, parseArguments, type CommandOptions, type ParsedArguments } from './parse-arguments.js';
import { print } from './print.js';
import { runCommand, type CommandContext } from './run-command.js';

/** A plugin's command: enough to answer `--version` without loading the plugin. */
export interface PluginCommand<D> {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Options beside the SDK's own. */
  readonly options?: CommandOptions;
  load(): Promise<D>;
}

/** What taps and targets do each in their own way. */
export interface PluginKind<D> {
  /** `tap` or `target`, for help. */
  readonly kind: string;
  /** Options beside those of every plugin. */
  readonly options: CommandOptions;
  /** Where messages come from and go to, for help. */
  readonly messages: string;
  /** Command lines for `--help`; `$0` stands for the command. */
  readonly examples: readonly (readonly [command: string, description: string])[];
  about(definition: D, context: CommandContext): About | Promise<About>;
  run(
    definition: D,
    parsed: ParsedArguments,
    context: CommandContext & { options: ReturnType<typeof ownOptions> },
  ): Promise<void>;
}

/** Options of every plugin. */
const optionsOf = (kind: string): CommandOptions => ({
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'JSON file with settings, or ENV for environment variables; may be repeated, later ones win',
  },
  about: { type: 'boolean', describe: `print what the ${kind} is and its settings` },
  format: {
    type: 'string',
    requiresArg: true,
    choices: ['text', 'json', 'markdown'],
    describe: 'output format of --about',
  },
});

/** Runs a plugin as a command and ends the process with the exit code that tells how it went. */
export async function runPlugin<D extends Omit<PluginCommand<D>, 'load' | 'options'>>(
  plugin: PluginCommand<D> | D,
  argv: readonly string[],
  plugins: PluginKind<D>,
): Promise<never> {
  const { kind, options, messages, examples } = plugins;
  const { name, version, description } = plugin;
  const command: PluginCommand<D> =
    'load' in plugin ? plugin : { name, version, description, load: () => Promise.resolve(plugin) };
  const own = command.options ?? {};
  return runCommand(name, async (context) => {
    const parsed = await parseArguments({
      name,
      version,
      description,
      argv,
      options: { ...optionsOf(kind), ...options, ...own },
      examples: [...examples, ['$0 --about --format markdown', 'describe every setting']],
      epilogue: `${messages} Exit codes: 0 done, 1 the run failed, 2 bad settings or usage, 3 sign-in refused.`,
    });
    if (!parsed) return;
    const definition = await command.load();
    if (parsed['about'] === true) {
      const format = (parsed['format'] as AboutFormat | undefined) ?? 'text';
      return print(renderAbout(await plugins.about(definition, context), format));
    }
    await plugins.run(definition, parsed, { ...context, options: ownOptions(parsed, own) });
  });
}
