import { isJsonObject } from '@singer-io-ts/sdk';
import type { FindReference, PropertySchema } from './json-schema-type.js';

/** Resolves the references of a canonical schema: JSON pointers from its root, such as `#/$defs/x`. */
export function referencesOf(root: PropertySchema): FindReference {
  return (reference) => {
    const [, fragment] = /^#((?:\/.*)?)$/s.exec(reference) ?? [];
    const found = fragment === undefined ? undefined : follow(root, fragment);
    return typeof found === 'boolean' || isJsonObject(found) ? found : undefined;
  };
}

function follow(base: unknown, pointer: string): unknown {
  let at: unknown = base;
  for (const step of pointer.split('/').slice(1)) {
    const name = decode(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(name)];
    else if (isJsonObject(at) && Object.hasOwn(at, name)) at = at[name];
    else return undefined;
  }
  return at;
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
