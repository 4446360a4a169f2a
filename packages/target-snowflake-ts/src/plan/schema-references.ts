import { isJsonObject } from '@singer-io-ts/sdk';
import type { FindReference, PropertySchema } from './json-schema-type.js';

/**
 * Resolves references within one schema, as drafts 04 to 2020-12 write them: JSON pointers (`#/definitions/x`, `#/$defs/x`), the schema
 * itself (`#`), names (`$anchor`, or an `$id` or `id` of the form `#name`) and addresses (`$id`, `id`), with a pointer or name behind them.
 */
export function referencesOf(root: PropertySchema): FindReference {
  let addresses: Map<string, unknown> | undefined;
  return (reference) => {
    const hash = reference.indexOf('#');
    const address = hash === -1 ? reference : reference.slice(0, hash);
    const fragment = hash === -1 ? '' : decode(reference.slice(hash + 1));
    addresses ??= collectAddresses(root);
    const base = address === '' ? root : addresses.get(address);
    const found =
      fragment === '' ? base : fragment.startsWith('/') ? follow(base, fragment) : addresses.get(`#${fragment}`);
    return typeof found === 'boolean' || isJsonObject(found) ? found : undefined;
  };
}

function follow(base: unknown, pointer: string): unknown {
  let at: unknown = base;
  for (const step of pointer.slice(1).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(name)];
    else if (isJsonObject(at) && Object.hasOwn(at, name)) at = at[name];
    else return undefined;
  }
  return at;
}

function collectAddresses(root: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const waiting: unknown[] = [root];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (Array.isArray(at)) waiting.push(...(at as unknown[]));
    if (!isJsonObject(at)) continue;
    for (const keyword of ['$id', 'id']) {
      const id = at[keyword];
      if (typeof id === 'string') found.set(id.replace(/#$/, ''), at);
    }
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const anchor = at[keyword];
      if (typeof anchor === 'string') found.set(`#${anchor}`, at);
    }
    waiting.push(...Object.values(at));
  }
  return found;
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
