import {
  ConfigError,
  type Infer,
  type JsonSchema,
  object,
  required,
  string,
  type TypedSchema,
} from '@singer-io-ts/sdk';
import type { ListFilter } from '../api/page.js';
import { MORE_ENDPOINTS } from './more-endpoints.js';
import type { StreamDefinition } from '../sync/stream-definition.js';

const filter: TypedSchema<ListFilter> = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
  description: 'Query parameters to send, for endpoints that do not list all objects without them',
};
const replication: TypedSchema<'list' | 'changes'> = {
  type: 'string',
  enum: ['list', 'changes'],
  description:
    'changes if the endpoint can filter by updateAfter, updateBefore, createAfter and createBefore, else list',
};
const properties: TypedSchema<Record<string, JsonSchema>> = {
  type: 'object',
  additionalProperties: { type: 'object' },
  description: 'JSON Schema of the properties that get their own columns; all others are kept in additional_fields',
};

/** What the settings may say of a stream for an endpoint that the tap does not know. */
export const ownStreamSchema = object(
  {
    name: required(string({ pattern: '^[a-z][a-z0-9_]*$', description: 'Name of the stream and its table' })),
    path: string({
      pattern: '^/[A-Za-z][A-Za-z0-9/]*$',
      description: 'Endpoint that lists the objects, such as /Layout; not needed for the names that the tap knows',
    }),
    filter,
    key: string({ minLength: 1, description: 'Primary key of the objects. Default: id' }),
    replication,
    properties,
  },
  { additionalProperties: false },
);

/** A stream that the settings add. */
export type OwnStream = Infer<typeof ownStreamSchema>;

/**
 * Ids are text in every stream; dates are needed to tell what changed.
 *
 * @throws ConfigError when neither a path is given nor one known
 */
export function defineOwnStream({
  name,
  path = MORE_ENDPOINTS[name]?.path,
  filter,
  key = 'id',
  replication = 'list',
  properties = MORE_ENDPOINTS[name]?.properties ?? {},
}: OwnStream): StreamDefinition {
  if (path === undefined) {
    throw new ConfigError({
      message: `setting "streams": stream "${name}" needs a path such as /Layout; without one the tap knows ${Object.keys(MORE_ENDPOINTS).join(', ')}`,
      setting: 'streams',
    });
  }
  const date: JsonSchema = { type: ['null', 'string'], format: 'date-time' };
  const schema: JsonSchema = {
    type: 'object',
    required: [key],
    properties: {
      [key]: { type: ['string'], description: 'What tells the object apart.' },
      objectName: { type: ['null', 'string'], description: 'The kind of the object, as sevDesk calls it.' },
      create: { ...date, description: 'When the object was made.' },
      update: { ...date, description: 'When the object was last changed.' },
      ...properties,
      additional_fields: {
        type: ['null', 'object'],
        additionalProperties: true,
        description: 'Everything else, as it came.',
      },
    },
  };
  return { name, endpoint: path, kind: replication, filter, key, schema };
}
