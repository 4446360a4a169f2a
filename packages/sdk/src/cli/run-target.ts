import type { TargetDefinition } from '../target/target.js';
import { aboutTarget, renderAbout, type AboutFormat } from './about.js';
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

const TARGET_OPTIONS: CommandOptions = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'JSON file with settings, or ENV for environment variables; may be repeated, later ones win',
  },
  input: {
    type: 'string',
    requiresArg: true,
    alias: 'file-input',
    describe: 'read messages from this file (.gz is unpacked) instead of stdin',
  },
  about: { type: 'boolean', describe: 'print what the target is and its settings' },
  format: {
    type: 'string',
    requiresArg: true,
    choices: ['text', 'json', 'markdown'],
    describe: 'output format of --about',
  },
};

/** A target's command: enough to answer `--version` without loading the target. */
export interface TargetCommand<C, B> {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Options beside the SDK's own. */
  readonly options?: CommandOptions;
  load(): Promise<TargetDefinition<C, B>>;
}

/**
 * Runs a target as a command and ends the process with the exit code that tells how it went.
 *
 * @param plugin the target, or how to load it when it is needed
 * @param argv the command line without the program. @default that of the process
 */
export async function runTarget<C, B>(
  plugin: TargetCommand<C, B> | TargetDefinition<C, B>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<never> {
  const command: TargetCommand<C, B> =
    'load' in plugin ? plugin : { ...namesOf(plugin), load: () => Promise.resolve(plugin) };
  return runCommand(command.name, async (context) => {
    const { name, version, description, options = {} } = command;
    const parsed = await parseArguments({
      name,
      version,
      description,
      argv,
      options: { ...TARGET_OPTIONS, ...options },
      epilogue:
        'Reads messages from stdin, writes STATE to stdout and logs to stderr. Exit codes: 0 done, 1 the run failed, 2 bad settings or usage, 3 sign-in refused.',
    });
    if (parsed) await act(command, parsed, context);
  });
}

async function act<C, B>(
  command: TargetCommand<C, B>,
  parsed: ParsedArguments,
  context: CommandContext,
): Promise<void> {
  const definition = await command.load();
  if (parsed['about'] === true) {
    const format = (parsed['format'] as AboutFormat | undefined) ?? 'text';
    return print(renderAbout(aboutTarget(definition), format));
  }
  const { runLoad } = await import('../target/run-load.js');
  await runLoad({
    definition,
    configSources: listOf(parsed['config']),
    input: onceOf(parsed['input'], 'input'),
    options: ownOptions(parsed, command.options ?? {}),
    ...context,
  });
}

function namesOf({
  name,
  version,
  description,
}: Omit<TargetCommand<never, never>, 'load'>): Omit<TargetCommand<never, never>, 'load'> {
  return { name, version, description };
}
