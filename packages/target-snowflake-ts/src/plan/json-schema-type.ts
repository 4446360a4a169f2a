import { INTEGER, sameType, TEXT, VARIANT, type ColumnType, type TimestampZone } from './column-type.js';

/** The settings that decide how JSON Schema becomes column types. */
export interface TypeSettings {
  /** The type of `date-time` properties. */
  timestampZone: TimestampZone;
  /** `native`: uuids lose their dashes and fill 32 characters, as the Python target stores them; `string`: kept as they come. */
  uuidFormat: 'native' | 'string';
  /** The type of `number` properties that do not say how many digits they have. */
  numberType: ColumnType;
  /** The length of texts that do not say theirs, in characters. */
  textLength: number;
  /** Finds what references in the stream's schema mean. */
  references: FindReference;
}

/** What a property needs of its column. */
export interface WantedType {
  /** The type of a column that is made for it. */
  type: ColumnType;
  /** Every type that one of the schema's branches asks for: a column that already has one of them is good. Empty: null only. */
  branches: ColumnType[];
  /** How a text is to be treated on its way in. */
  text?: 'uuid-without-dashes' | 'base64';
  /** Whether every text is a uuid, because the schema says so. */
  uuid?: boolean;
  /** Set where a text may be longer than the type: a validator that checks no formats takes any text for a uuid. */
  longer?: true;
}

/** Finds what a `$ref` in a schema means; undefined when it leads out of the schema. */
export type FindReference = (reference: string) => PropertySchema | boolean | undefined;

/** A JSON Schema, as far as this module reads it. */
export interface PropertySchema {
  $ref?: string;
  description?: string;
  properties?: Properties;
  type?: string | readonly string[];
  format?: string;
  multipleOf?: number;
  precision?: number;
  scale?: number;
  maxLength?: number;
  contentEncoding?: string;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly (PropertySchema | boolean)[];
  oneOf?: readonly (PropertySchema | boolean)[];
  allOf?: readonly (PropertySchema | boolean)[];
  then?: PropertySchema | boolean;
  else?: PropertySchema | boolean;
  dependentSchemas?: Readonly<Record<string, PropertySchema | boolean>>;
  dependencies?: Readonly<Record<string, PropertySchema | boolean | readonly string[]>>;
}

type Properties = Readonly<Record<string, PropertySchema | boolean>>;

/** Decimals that do not say their scale get this one; a value with more digits behind the point is refused, not rounded. */
export const DEFAULT_DECIMAL_SCALE = 10;

/**
 * The column that holds every value which the schema allows. `docs/snowflake.md` has the whole table; in short: branches of one family
 * share its widest type, strings of different formats share VARCHAR, and families that do not mix share VARIANT.
 *
 * @param isKey a number that a row is found by must be equal only to itself, so it is never a FLOAT
 */
export function wantedType(schema: PropertySchema | boolean, settings: TypeSettings, isKey = false): WantedType {
  const numberType: ColumnType =
    isKey && settings.numberType.kind === 'float' ? { kind: 'decfloat' } : settings.numberType;
  const reader = new TypeReader({ ...settings, numberType });
  const branches = unique(reader.typesOf(schema));
  const text: ColumnType = { kind: 'text', length: settings.textLength };
  const type =
    branches.reduce<ColumnType | undefined>((all, one) => (all ? widest(all, one, text) : one), undefined) ?? text;
  const wanted: WantedType = { type, branches };
  if (type.kind === 'binary') wanted.text = 'base64';
  if (type.kind === 'text' && reader.texts > 0 && reader.texts === reader.uuids) {
    wanted.uuid = true;
    if (settings.uuidFormat === 'native') wanted.text = 'uuid-without-dashes';
  } else if (reader.uuids > 0) wanted.longer = true;
  return wanted;
}

/**
 * The properties of a stream's records, wherever the schema describes them: at the top, behind a reference, in parts, and in alternatives,
 * of which a property that only they describe may be what any of them says.
 */
export function propertiesOf(schema: PropertySchema, references: FindReference): Properties {
  return collectProperties(schema, new Merger(references), new Set());
}

/** Those of them that every record must obey, since no alternative does without them. */
export const ownPropertiesOf = (schema: PropertySchema, references: FindReference): ReadonlySet<string> =>
  new Set(Object.keys(new Merger(references).merge(schema).properties ?? {}));

function collectProperties(schema: PropertySchema, merger: Merger, seen: ReadonlySet<string>): Properties {
  const followed = new Set(seen);
  const parts = merger.partsOf(schema, seen, followed);
  const { properties = {} } = parts.reduce(both, {});
  const alternatives = new Map<string, (PropertySchema | boolean)[]>();
  for (const branch of parts.flatMap(branchesOf)) {
    if (typeof branch !== 'object') continue;
    for (const [name, one] of Object.entries(collectProperties(branch, merger, followed)))
      if (!Object.hasOwn(properties, name)) alternatives.set(name, [...(alternatives.get(name) ?? []), one]);
  }
  const own = [...alternatives].map(([name, all]) => [name, all.length === 1 ? all[0] : { anyOf: all }] as const);
  return Object.fromEntries([...Object.entries(properties), ...own]) as Properties;
}

/** The alternatives of a part. `dependencies` may lead to lists of names, which describe nothing. */
function branchesOf(part: PropertySchema): (PropertySchema | boolean | undefined)[] {
  const { anyOf = [], oneOf = [], dependentSchemas = {}, dependencies = {} } = part;
  const dependent = Object.values(dependencies).filter((one): one is PropertySchema => !Array.isArray(one));
  return [...anyOf, ...oneOf, part.then, part.else, ...Object.values(dependentSchemas), ...dependent];
}

/** The smallest type that holds the values of both. */
export function widest(a: ColumnType, b: ColumnType, text: ColumnType = TEXT): ColumnType {
  if (sameType(a, b)) return a;
  if (a.kind === 'number' && b.kind === 'number') return widestNumber(a, b);
  if (isNumeric(a) && isNumeric(b)) return { kind: [a.kind, b.kind].includes('decfloat') ? 'decfloat' : 'float' };
  if (a.kind === 'text' && b.kind === 'text') return { kind: 'text', length: Math.max(a.length, b.length) };
  if (comesAsString(a) && comesAsString(b)) return text;
  return VARIANT;
}

const isNumeric = ({ kind }: ColumnType): boolean => ['number', 'float', 'decfloat'].includes(kind);
const comesAsString = ({ kind }: ColumnType): boolean => ['text', 'date', 'time', 'timestamp', 'binary'].includes(kind);

/** Digits before the point give way to those behind it where both do not fit 38: what is lost then is refused, not rounded. */
function widestNumber(a: ColumnType & { kind: 'number' }, b: ColumnType & { kind: 'number' }): ColumnType {
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  return { kind: 'number', precision: Math.min(38, whole + scale), scale };
}

/** A schema without references and `allOf`; `open` where a reference in it leads to a value of any kind. */
type Part = PropertySchema & { open?: boolean };

/** Puts references and `allOf` in their places. */
class Merger {
  constructor(private readonly references: FindReference) {}

  /**
   * @param seen references that are being followed: one that comes up again describes a value of any depth
   * @param followed takes those that are followed here
   */
  merge(schema: PropertySchema, seen?: ReadonlySet<string>, followed?: Set<string>): Part {
    return this.partsOf(schema, seen, followed).reduce<Part>(both, {});
  }

  /** What must hold together: a schema's own words, what it refers to and what its `allOf` lists. */
  partsOf(schema: PropertySchema, seen: ReadonlySet<string> = new Set(), followed = new Set<string>()): Part[] {
    const { $ref: reference, allOf = [], ...own } = schema;
    const referred = reference === undefined ? [] : this.#follow(reference, seen, followed);
    const parts = allOf.flatMap((part) => (typeof part === 'object' ? this.partsOf(part, seen, followed) : []));
    return [...referred, own, ...parts];
  }

  #follow(reference: string, seen: ReadonlySet<string>, followed: Set<string>): Part[] {
    const found = seen.has(reference) ? undefined : this.references(reference);
    if (typeof found !== 'object') return [{ open: true }];
    followed.add(reference);
    return this.partsOf(found, new Set([...seen, reference]), followed);
  }
}

/** What two schemas say together. */
function both<S extends PropertySchema>(a: S, b: PropertySchema): S {
  const merged: S = { ...a, ...b };
  if (a.type !== undefined && b.type !== undefined) merged.type = commonTypes(a.type, b.type);
  if (a.properties && b.properties) merged.properties = bothOfEach(a.properties, b.properties);
  return merged;
}

function bothOfEach(a: Properties, b: Properties): Properties {
  const shared = Object.entries(b).map(([name, one]) => {
    const other = Object.hasOwn(a, name) ? a[name] : undefined;
    return [name, other === undefined ? one : { allOf: [other, one] }] as const;
  });
  return Object.fromEntries([...Object.entries(a), ...shared]);
}

function commonTypes(a: string | readonly string[], b: string | readonly string[]): string[] {
  const [left, right] = [a, b].map((types) => (typeof types === 'string' ? [types] : types)) as [string[], string[]];
  const integers = left.includes('integer') !== right.includes('integer') && [...left, ...right].includes('number');
  return [...left.filter((type) => right.includes(type)), ...(integers ? ['integer'] : [])];
}

/** Reads the types that the branches of a schema ask for. */
class TypeReader {
  readonly #merger: Merger;
  /** How many branches are texts, and how many of them uuids. */
  texts = 0;
  uuids = 0;

  constructor(private readonly settings: Omit<TypeSettings, 'references'> & { references: FindReference }) {
    this.#merger = new Merger(settings.references);
  }

  typesOf(schema: PropertySchema | boolean, seen: ReadonlySet<string> = new Set()): ColumnType[] {
    if (typeof schema === 'boolean') return [VARIANT];
    const followed = new Set(seen);
    const merged = this.#merger.merge(schema, seen, followed);
    if (merged.open) return [VARIANT];
    const alternatives = merged.anyOf ?? merged.oneOf;
    if (alternatives) {
      const { anyOf: _anyOf, oneOf: _oneOf, ...common } = merged;
      return alternatives.flatMap((branch) => {
        if (typeof branch === 'boolean') return [VARIANT];
        const deeper = new Set(followed);
        return this.typesOf(both({ ...common }, this.#merger.merge(branch, followed, deeper)), deeper);
      });
    }
    if (merged.const !== undefined) return this.#ofValues([merged.const]);
    if (merged.type === undefined && merged.enum) return this.#ofValues(merged.enum);
    if (merged.type === undefined) return [VARIANT];
    const types = typeof merged.type === 'string' ? [merged.type] : merged.type;
    return types.flatMap((type) => this.#ofType(type, merged));
  }

  #ofType(type: string, schema: PropertySchema): ColumnType[] {
    switch (type) {
      case 'null':
        return [];
      case 'boolean':
        return [{ kind: 'boolean' }];
      case 'integer':
        return [INTEGER];
      case 'number':
        return [schema.format === 'x-singer.decimal' ? this.#decimal(schema) : this.#number(schema.multipleOf)];
      case 'string':
        return [this.#string(schema)];
      default:
        return [VARIANT];
    }
  }

  #number(multipleOf: number | undefined): ColumnType {
    const scale = multipleOf === undefined ? undefined : decimalPlaces(multipleOf);
    return scale === undefined || scale > 37 ? this.settings.numberType : { kind: 'number', precision: 38, scale };
  }

  #decimal(schema: PropertySchema): ColumnType {
    const [precision, scale] = [wholeNumber(schema.precision, 1), wholeNumber(schema.scale, 0)];
    const places = scale ?? (precision === undefined ? DEFAULT_DECIMAL_SCALE : 0);
    if (places > 37) return this.#text(undefined);
    return { kind: 'number', precision: Math.min(38, Math.max(precision ?? 38, places)), scale: places };
  }

  #string(schema: PropertySchema): ColumnType {
    if (schema.contentEncoding === 'base64') return { kind: 'binary' };
    switch (schema.format) {
      case 'date-time':
        return { kind: 'timestamp', zone: this.settings.timestampZone };
      case 'date':
        return { kind: 'date' };
      case 'time':
        return { kind: 'time' };
      case 'uuid':
        this.texts += 1;
        this.uuids += 1;
        return { kind: 'text', length: this.settings.uuidFormat === 'native' ? 32 : 36 };
      case 'x-singer.decimal':
        return this.#decimal(schema);
      default:
        return this.#text(schema.maxLength);
    }
  }

  #text(maxLength: number | undefined): ColumnType {
    this.texts += 1;
    const longest = this.settings.textLength;
    return {
      kind: 'text',
      length: Math.min(longest, wholeNumber(maxLength, 1) ?? longest),
    };
  }

  #ofValues(values: readonly unknown[]): ColumnType[] {
    return values.flatMap((value): ColumnType[] => {
      switch (typeof value) {
        case 'string':
          return [this.#text(undefined)];
        case 'boolean':
          return [{ kind: 'boolean' }];
        case 'number':
          return [Number.isInteger(value) ? INTEGER : this.settings.numberType];
        default:
          return value === null ? [] : [VARIANT];
      }
    });
  }
}

/** A number that a schema gives, where it can be one of digits or characters. */
const wholeNumber = (value: unknown, least: number): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= least ? value : undefined;

/** How many digits a number has behind the point, exponents resolved: 0.01 → 2, 1e-7 → 7, 10 → 0. */
export function decimalPlaces(value: number): number {
  const [digits = '', exponent = '0'] = value.toString().split('e');
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
}

const unique = (types: ColumnType[]): ColumnType[] =>
  types.filter((type, index) => types.findIndex((other) => sameType(type, other)) === index);
