import { ExactNumber } from './exact-number.js';
import type { JsonValue } from './json-value.js';

/** A deep copy of a JSON value; exact numbers, which are immutable, are shared. */
export function cloneJson<T extends JsonValue | undefined>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return value;
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  const copy: Record<string, JsonValue | undefined> = {};
  for (const [name, inner] of Object.entries(value)) setOwn(copy, name, cloneJson(inner));
  return copy as T;
}

/** Sets a property whatever its name: assigning to `__proto__` would set the prototype instead. */
export function setOwn(target: object, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  else (target as Record<string, unknown>)[name] = value;
}
