import { isJsonObject } from '../json/json-value.js';
import { fromDraft03 } from './draft-03.js';
import { DATA, eachSchema, escapeStep as escape, MAPS } from './each-schema.js';
import type { JsonSchema } from './json-schema.js';

const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'] as const;
/** Keywords that JSON Schema ignores and Ajv does not. */
const OF_THE_VALIDATOR = new Set(['$async']);
const NAMES = ['$id', 'id', '$anchor', '$dynamicAnchor', '$recursiveAnchor'];
/** Takes the place of the address of a schema that has none. */
const NOWHERE = 'schema:/';

/**
 * Writes a schema of any draft, from 03 to 2020-12, in one form: each reference within it is a `$ref` with a JSON pointer from the root
 * (`#/$defs/a`), whatever it was, and addresses and anchors are gone; a boolean `exclusiveMinimum` takes the number of `minimum`; a list of
 * `items` is `prefixItems` where the draft calls it that. References that lead nowhere within the schema stay as they are.
 *
 * @param root the pointer by which references name the root. Default: `#`
 */
export function canonicalSchema(schema: JsonSchema, root = '#'): JsonSchema {
  return new Canonical(schema, root).write();
}

/** A schema in a schema that has an address of its own, or the root. */
interface Resource {
  readonly base: string;
  readonly pointer: string;
  /** Whether a `$recursiveRef` to it means the outermost schema that says so, too. */
  readonly recursive: boolean;
}

class Canonical {
  /** Pointers of resources and anchors, by address. */
  readonly #places = new Map<string, string>();
  /** Addresses of dynamic anchors. */
  readonly #dynamic = new Set<string>();
  readonly #modern: boolean;
  readonly #draft03: boolean;
  readonly #top: Resource;

  constructor(
    private readonly schema: JsonSchema,
    private readonly root: string,
  ) {
    this.#modern = typeof schema['$schema'] === 'string' && schema['$schema'].includes('2020-12');
    this.#draft03 = typeof schema['$schema'] === 'string' && schema['$schema'].includes('draft-03');
    const nowhere: Resource = { base: NOWHERE, pointer: '', recursive: schema['$recursiveAnchor'] === true };
    this.#top = this.#resource(schema, nowhere, '');
    this.#places.set(this.#top.base, '');
  }

  write(): JsonSchema {
    this.#collect(this.schema, this.#top, '');
    const { $schema: _decided, ...written } = this.#rewrite(this.schema, this.#top, '') as JsonSchema;
    return written;
  }

  #resource(schema: object, within: Resource, pointer: string): Resource {
    const { $id, id, $recursiveAnchor } = schema as Record<string, unknown>;
    const address = typeof $id === 'string' ? $id : id;
    if (typeof address !== 'string' || address.startsWith('#')) return within;
    return { base: resolve(address, within.base).replace(/#.*$/s, ''), pointer, recursive: $recursiveAnchor === true };
  }

  /** Notes where addresses and anchors are. The first of two that have one address is meant by it. */
  #collect(schema: unknown, within: Resource, pointer: string): void {
    eachSchema(schema, within, pointer, (one, resource, at) => {
      const here = at === '' ? resource : this.#resource(one, resource, at);
      const note = (address: string): void => {
        if (!this.#places.has(address)) this.#places.set(address, at);
      };
      if (here !== resource) note(here.base);
      for (const keyword of ['$id', 'id', '$anchor', '$dynamicAnchor']) {
        const name = one[keyword];
        if (typeof name !== 'string') continue;
        const anchor = keyword.endsWith('nchor') ? name : /^[^#]*#(.+)$/s.exec(name)?.[1];
        if (anchor === undefined) continue;
        note(`${here.base}#${anchor}`);
        if (keyword === '$dynamicAnchor') this.#dynamic.add(`${here.base}#${anchor}`);
      }
      return here;
    });
  }

  #rewrite(schema: unknown, within: Resource, pointer: string): unknown {
    if (Array.isArray(schema)) return schema.map((one, index) => this.#rewrite(one, within, `${pointer}/${index}`));
    if (!isJsonObject(schema)) return schema;
    const here = pointer === '' ? within : this.#resource(schema, within, pointer);
    const made: Record<string, unknown> = {};
    for (const [keyword, value] of Object.entries(schema)) {
      if (NAMES.includes(keyword) && typeof value !== 'object') continue;
      if (OF_THE_VALIDATOR.has(keyword)) continue;
      const at = `${pointer}/${escape(keyword)}`;
      if (DATA.has(keyword)) made[keyword] = value;
      else if (MAPS.has(keyword) && isJsonObject(value))
        made[keyword] = Object.fromEntries(
          Object.entries(value).map(([name, one]) => [name, this.#rewrite(one, here, `${at}/${escape(name)}`)]),
        );
      else made[keyword] = this.#rewrite(value, here, at);
    }
    for (const keyword of REFERENCES) {
      const reference = schema[keyword];
      if (typeof reference !== 'string') continue;
      const found = this.#find(keyword, reference, here);
      delete made[keyword];
      made['$ref'] = found === undefined ? reference : this.root + found.split('/').map(encodeURIComponent).join('/');
    }
    limitsAsNumbers(made);
    dropIdleNullable(made);
    fromDraft03(made, schema, this.#draft03);
    nothingForNoValues(made);
    if (this.#modern && Array.isArray(made['items'])) {
      const { items, additionalItems } = made;
      made['prefixItems'] ??= items;
      delete made['items'];
      delete made['additionalItems'];
      if (additionalItems !== undefined) made['items'] = additionalItems;
    }
    return made;
  }

  /** The pointer that a reference means. */
  #find(keyword: (typeof REFERENCES)[number], reference: string, { base, pointer, recursive }: Resource) {
    // The outermost schema that a check passes through is the root, so what the root says of it holds.
    if (keyword === '$recursiveRef') return recursive && this.#top.recursive ? '' : pointer;
    const [address = '', ...rest] = resolve(reference, base).split('#');
    const fragment = decode(rest.join('#'));
    const place = this.#places.get(address);
    if (fragment === '') return place;
    if (fragment.startsWith('/'))
      return place !== undefined && has(this.schema, place + fragment) ? place + fragment : undefined;
    const named = `${address}#${fragment}`;
    const outermost = `${this.#top.base}#${fragment}`;
    if (keyword === '$dynamicRef' && this.#dynamic.has(named) && this.#dynamic.has(outermost))
      return this.#places.get(outermost);
    return this.#places.get(named);
  }
}

/** Draft-04 has flags beside `minimum` and `maximum` that later drafts do not know. */
function limitsAsNumbers(schema: Record<string, unknown>): void {
  for (const limit of ['minimum', 'maximum']) {
    const exclusive = limit === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
    if (typeof schema[exclusive] !== 'boolean') continue;
    if (schema[exclusive] && schema[limit] !== undefined) {
      schema[exclusive] = schema[limit];
      delete schema[limit];
    } else delete schema[exclusive];
  }
}

/** `nullable` is OpenAPI's, and says something beside a `type` alone. JSON Schema ignores what it does not know, but Ajv refuses this. */
function dropIdleNullable(schema: Record<string, unknown>): void {
  const { type, nullable } = schema;
  if (nullable !== true || type === undefined) delete schema['nullable'];
}

/** An `enum` without values allows none. Ajv refuses to read it. */
function nothingForNoValues(schema: Record<string, unknown>): void {
  const { enum: values, allOf } = schema;
  if (!Array.isArray(values) || values.length > 0) return;
  delete schema['enum'];
  schema['allOf'] = [...(Array.isArray(allOf) ? (allOf as unknown[]) : []), false];
}

/** Whether a pointer leads to something. */
function has(schema: unknown, pointer: string): boolean {
  let at = schema;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false;
    at = (at as Record<string, unknown>)[name];
  }
  return true;
}

/** What an address means from where it stands. Some are no addresses at all, and mean themselves. */
function resolve(reference: string, base: string): string {
  try {
    return new URL(reference, base).href;
  } catch {
    return reference.startsWith('#') ? `${base}${reference}` : reference;
  }
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
