import type { Catalog } from '../catalog/catalog.js';
import type { JsonObject } from '../json/json-value.js';
import { silentLogger } from '../logging/logger.js';
import type { Message, RecordMessage, SchemaMessage } from '../messages/messages.js';
import { TapRun } from '../tap/tap-run.js';
import type { TapDefinition } from '../tap/tap.js';
import { CollectingOutput } from './collecting-output.js';

export interface ExtractOptions<C> {
  tap: TapDefinition<C>;
  config: JsonObject;
  state?: JsonObject | undefined;
  catalog?: Catalog | undefined;
}

/** What a tap wrote in one run. */
export interface Extraction {
  readonly text: string;
  readonly messages: readonly Message[];
  /** The records of a stream. */
  readonly records: (stream: string) => readonly RecordMessage[];
  /** The last SCHEMA of a stream. */
  readonly schema: (stream: string) => SchemaMessage | undefined;
  readonly lastState: JsonObject | undefined;
}

/** Prepares a run of a tap in this process. */
export function tapRun<C>({ tap, config, state, catalog }: ExtractOptions<C>): TapRun<C> {
  return new TapRun({
    definition: tap,
    configSources: [config],
    state,
    catalog,
    options: {},
    logger: silentLogger(tap.name),
    env: {},
    signal: new AbortController().signal,
  });
}

/** Runs a tap to its end in this process and keeps what it writes. */
export async function extract<C>(options: ExtractOptions<C>): Promise<Extraction> {
  const output = new CollectingOutput();
  await tapRun(options).sync(output);
  const messages = output.lines.map((line) => JSON.parse(line) as Message);
  return {
    text: output.text,
    messages,
    records: (stream) =>
      messages.filter((message): message is RecordMessage => message.type === 'RECORD' && message.stream === stream),
    schema: (stream) =>
      messages.findLast((message): message is SchemaMessage => message.type === 'SCHEMA' && message.stream === stream),
    lastState: messages.findLast((message) => message.type === 'STATE')?.value as JsonObject | undefined,
  };
}
