import { UsageError } from '../errors/usage-error.js';
import type { JsonSchema } from './json-schema.js';

/**
 * A schema of a library that follows Standard JSON Schema (https://standardschema.dev/json-schema): zod from 4.2 on, and
 * others. Its output is what the records are.
 */
export interface StandardJsonSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    readonly jsonSchema: { readonly output: (options: { readonly target: 'draft-07' }) => Record<string, unknown> };
  };
}

/** A JSON Schema as written in the source, with its lists read-only. */
export interface SchemaLiteral {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly [keyword: string]: unknown;
}

/** What a schema may be given as. */
export type SchemaSource = SchemaLiteral | StandardJsonSchema;

/**
 * The JSON Schema of a schema, however it is given.
 *
 * @throws {UsageError} when a library's schema has no JSON Schema to give
 */
export function toJsonSchema(source: SchemaSource, stream: string): JsonSchema {
  if (!isStandard(source)) return source as JsonSchema;
  const { jsonSchema, vendor } = source['~standard'] as Partial<StandardJsonSchema['~standard']>;
  const fault = (reason: string, cause?: unknown): UsageError =>
    new UsageError({
      message: `stream "${stream}": its ${vendor ?? 'library'} schema ${reason}; give the JSON Schema itself`,
      cause,
    });
  if (!jsonSchema) throw fault('cannot be written as JSON Schema by the installed version of the library');
  try {
    return jsonSchema.output({ target: 'draft-07' });
  } catch (cause) {
    throw fault(`has no JSON Schema (${cause instanceof Error ? cause.message : 'unknown reason'})`, cause);
  }
}

function isStandard(source: SchemaSource): source is StandardJsonSchema {
  return '~standard' in source;
}
