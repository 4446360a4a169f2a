import { UsageError } from '../errors/usage-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import type { JsonSchema } from '../schema/json-schema.js';
import type { CatalogEntry, CatalogMetadata } from './catalog.js';

/** Which properties of a stream are extracted. */
export interface Selection {
  readonly selected: boolean;
  /** The stream's schema without what is not selected. */
  readonly schema: JsonSchema;
  /** Whether every property is, so that `apply` changes nothing. */
  readonly whole: boolean;
  /** Whether the catalog's user wants the stream read whole, though it could be read by what has changed. */
  readonly fullTable: boolean;
  /** Takes what is not selected off a record; the record itself when everything is. Properties unknown to the catalog stay. */
  apply(record: JsonObject): JsonObject;
}

/**
 * Works out a stream's selection from its catalog metadata: a node is extracted when it is automatic, or selected,
 * or selected by default; a node below one that is not selected is not; what has no metadata follows its parent.
 *
 * @throws {UsageError} when a key is `unsupported`
 */
export function selectFrom(
  { metadata = [], schema, tap_stream_id: id }: CatalogEntry,
  keys: readonly string[],
): Selection {
  const byBreadcrumb = new Map(metadata.map((node) => [JSON.stringify(node.breadcrumb), node.metadata]));
  const own = byBreadcrumb.get('[]');
  for (const key of keys) {
    if (byBreadcrumb.get(JSON.stringify(['properties', key]))?.inclusion === 'unsupported') {
      throw new UsageError({ message: `catalog: key "${key}" of stream "${id}" cannot be unsupported` });
    }
  }
  const isSelected = (breadcrumb: readonly string[]): boolean => {
    const property = breadcrumb[1];
    if (breadcrumb.length === 2 && property !== undefined && keys.includes(property)) return true;
    return decide(byBreadcrumb.get(JSON.stringify(breadcrumb)));
  };
  const { schema: prunedSchema, drop } = prune(schema, [], isSelected);
  return {
    selected: own === undefined ? true : decide(own),
    schema: prunedSchema,
    whole: drop === undefined,
    fullTable: own?.['replication-method'] === 'FULL_TABLE',
    apply: drop ? (record) => applyDrop(record, drop) : (record) => record,
  };
}

function decide(metadata: CatalogMetadata['metadata'] | undefined): boolean {
  if (!metadata) return true;
  if (metadata.inclusion === 'automatic') return true;
  if (metadata.inclusion === 'unsupported') return false;
  return metadata.selected ?? metadata['selected-by-default'] ?? true;
}

/** What to take off: a property's name maps to `true` (all of it) or to what to take off inside it. */
type Drop = Map<string, true | Drop>;

interface Pruned {
  readonly schema: JsonSchema;
  readonly drop: Drop | undefined;
}

function prune(
  schema: JsonSchema,
  at: readonly string[],
  isSelected: (breadcrumb: readonly string[]) => boolean,
): Pruned {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return { schema, drop: undefined };
  const drop: Drop = new Map();
  const kept: Record<string, JsonSchema> = {};
  for (const [name, property] of properties) {
    const breadcrumb = [...at, 'properties', name];
    if (!isSelected(breadcrumb)) {
      drop.set(name, true);
      continue;
    }
    const inner = prune(property, breadcrumb, isSelected);
    kept[name] = inner.schema;
    if (inner.drop) drop.set(name, inner.drop);
  }
  if (drop.size === 0) return { schema, drop: undefined };
  const required = schema.required?.filter((name) => drop.get(name) !== true);
  return { schema: { ...schema, properties: kept, ...(required ? { required } : {}) }, drop };
}

function applyDrop(record: JsonObject, drop: Drop): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(record)) {
    const rule = drop.get(name);
    if (rule === true) continue;
    kept[name] = rule && isJsonObject(value) ? applyDrop(value, rule) : value;
  }
  return kept;
}
