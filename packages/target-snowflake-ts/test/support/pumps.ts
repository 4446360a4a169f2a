import { messagesOf, state } from './messages.js';
import type { Settings } from './run-target.js';
import type { Sandbox } from './sandbox.js';

/** A stream of pumps with nothing but a key; each test describes the properties that it is about. */
export const pumps = messagesOf('pumps', { properties: { id: { type: 'integer' } } });
export const { record } = pumps;
export const schema = (properties: object, more: object = {}): { schema: object } =>
  pumps.schema({ properties, ...more });
/** A RECORD whose JSON is written as given, so that its numbers keep their digits. */
export const raw = (text: string): string => `{"type":"RECORD","stream":"pumps","record":${text}}`;
export const end = state({ done: true });

export const lines = (...messages: (object | string)[]): string =>
  messages.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');

/** The error of a run that must fail, without time, level and name of the command. */
export const refusalOf = async (sandbox: Sandbox, config: Settings, input: string): Promise<string> =>
  (await sandbox.refusal(config, input)).replace(/^.*?ERROR\s+target-snowflake-ts: /s, '').trim();
