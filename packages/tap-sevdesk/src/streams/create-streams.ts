import { ConfigError } from '@singer-io-ts/sdk';
import { loadSchema } from '../schema/load-schema.js';
import { ChangesStream } from '../sync/changes-stream.js';
import { ChildStream } from '../sync/child-stream.js';
import { ListStream } from '../sync/list-stream.js';
import type { SevdeskStream } from '../sync/sevdesk-stream.js';
import type { StreamContext } from '../sync/stream-context.js';
import { defineOwnStream, type OwnStream } from './own-stream.js';
import { SEVDESK_STREAMS } from './sevdesk-streams.js';
import type { ParentDefinition, StreamDefinition } from '../sync/stream-definition.js';

/** All streams, in the order in which they are read: those of the tap, then those that the settings add. */
export function createStreams(context: StreamContext, own: readonly OwnStream[] = []): SevdeskStream[] {
  const known = SEVDESK_STREAMS.map(({ parent, ...stream }): StreamDefinition => {
    const more = parent === undefined ? {} : { parent: parentOf(parent) };
    return { ...stream, schema: loadSchema(stream.name), ...more };
  });
  const all = [...known, ...own.map(defineOwnStream)];
  const names = new Set<string>();
  for (const { name } of all) {
    if (names.has(name)) {
      throw new ConfigError({
        message: `setting "streams" has a stream "${name}", which there is already; give it another name`,
        setting: 'streams',
      });
    }
    names.add(name);
  }
  return all.map((definition) => createStream(definition, context));
}

function createStream(definition: StreamDefinition, context: StreamContext): SevdeskStream {
  const { kind, parent } = definition;
  if (kind === 'changes') return new ChangesStream(definition, context);
  if (kind === 'children' && parent) return new ChildStream({ ...definition, parent }, context);
  return new ListStream(definition, context);
}

function parentOf([name, field, objectName]: readonly [string, string, string]): ParentDefinition {
  const { endpoint = '', filter } = SEVDESK_STREAMS.find((stream) => stream.name === name) ?? {};
  return { name, endpoint, filter, field, objectName, schema: loadSchema(name) };
}
