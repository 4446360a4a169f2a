/// <reference types="node" preserve="true" />
export { runTap, type TapCommand } from './run-tap.js';
export { runTarget, type TargetCommand } from './run-target.js';
export type { CommandOptions } from './parse-arguments.js';
export type { PluginCommand } from './plugin-command.js';
