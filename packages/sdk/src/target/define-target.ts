import type { TypedSchema } from '../schema/typed-schema.js';
import type { TargetDefinition } from './target.js';

/** Names a target; the type of its settings is that of their schema. */
export function defineTarget<C, B>(
  definition: TargetDefinition<C, B> & { readonly configSchema: TypedSchema<C> },
): TargetDefinition<C, B> {
  return definition;
}
