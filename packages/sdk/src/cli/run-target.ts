import type { TargetDefinition } from '../target/target.js';
import { aboutTarget } from './about.js';
import { listOf, onceOf, type CommandOptions } from './parse-arguments.js';
import { runPlugin, type PluginCommand } from './plugin-command.js';

const TARGET_OPTIONS: CommandOptions = {
  input: {
    type: 'string',
    requiresArg: true,
    alias: 'file-input',
    describe: 'read messages from this file (.gz is unpacked) instead of stdin',
  },
};

/** A target's command: enough to answer `--version` without loading the target. */
export type TargetCommand<C, B> = PluginCommand<TargetDefinition<C, B>>;

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
  return runPlugin<TargetDefinition<C, B>>(plugin, argv, {
    kind: 'target',
    options: TARGET_OPTIONS,
    messages: 'Reads messages from stdin, writes STATE to stdout and logs to stderr.',
    examples: [
      ['some-tap --config tap.json | $0 --config target.json', 'load what a tap writes'],
      ['$0 --config ENV --input messages.singer.gz', 'load a file, with settings from the environment'],
    ],
    about: aboutTarget,
    run: async (definition, parsed, context) => {
      const { runLoad } = await import('../target/run-load.js');
      await runLoad({
        definition,
        configSources: listOf(parsed['config']),
        input: onceOf(parsed['input'], 'input'),
        ...context,
      });
    },
  });
}
