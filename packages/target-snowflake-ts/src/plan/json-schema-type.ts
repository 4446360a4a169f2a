import {
  INTEGER,
  MAX_TEXT_LENGTH,
  sameType,
  TEXT,
  VARIANT,
  type ColumnType,
  type TimestampZone,
} from './column-type.js';

/** The settings that decide how JSON Schema becomes column types. */
export interface TypeSettings {
  /** The type of `date-time` properties. */
  timestampZone: TimestampZone;
  /** `native`: uuids lose their dashes and fill 32 characters, as the Python target stores them; `string`: kept as they come. */
  uuidFormat: 'native' | 'string';
}

/** What a property needs of its column. */
export interface WantedType {
  /** The type of a column that is made for it. */
  type: ColumnType;
  /** Every type that one of the schema's branches asks for: a column that already has one of them is good. Empty: null only. */
  branches: ColumnType[];
  /** How a text is to be treated on its way in. */
  text?: 'uuid-without-dashes' | 'base64';
}

/** A JSON Schema, as far as this module reads it. */
export interface PropertySchema {
  type?: string | readonly string[];
  format?: string;
  multipleOf?: number;
  precision?: number;
  scale?: number;
  maxLength?: number;
  contentEncoding?: string;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly PropertySchema[];
  oneOf?: readonly PropertySchema[];
  allOf?: readonly PropertySchema[];
}

/** Decimals that do not say their scale get this one; a value with more digits behind the point is refused, not rounded. */
export const DEFAULT_DECIMAL_SCALE = 10;

/**
 * The column that holds every value which the schema allows. `docs/snowflake.md` has the whole table; in short: branches of one family
 * share its widest type, strings of different formats share VARCHAR, and families that do not mix share VARIANT.
 */
export function wantedType(schema: PropertySchema | boolean, settings: TypeSettings): WantedType {
  const branches = unique(branchTypes(schema, settings));
  const type = branches.reduce<ColumnType | undefined>((all, one) => (all ? widest(all, one) : one), undefined) ?? TEXT;
  const wanted: WantedType = { type, branches };
  if (type.kind === 'binary') wanted.text = 'base64';
  if (type.kind === 'text' && type.length === 32 && settings.uuidFormat === 'native' && isUuid(schema)) {
    wanted.text = 'uuid-without-dashes';
  }
  return wanted;
}

/** The smallest type that holds the values of both. */
export function widest(a: ColumnType, b: ColumnType): ColumnType {
  if (sameType(a, b)) return a;
  if (a.kind === 'number' && b.kind === 'number') return widestNumber(a, b);
  if (isNumeric(a) && isNumeric(b)) return { kind: 'float' };
  if (a.kind === 'text' && b.kind === 'text') return { kind: 'text', length: Math.max(a.length, b.length) };
  if (comesAsString(a) && comesAsString(b)) return TEXT;
  return VARIANT;
}

const isNumeric = ({ kind }: ColumnType): boolean => kind === 'number' || kind === 'float';
const comesAsString = ({ kind }: ColumnType): boolean => ['text', 'date', 'time', 'timestamp', 'binary'].includes(kind);

/** @returns a NUMBER, or FLOAT where the digits before and behind the point do not fit 38 together */
function widestNumber(a: ColumnType & { kind: 'number' }, b: ColumnType & { kind: 'number' }): ColumnType {
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  return { kind: 'number', precision: Math.min(38, whole + scale), scale };
}

function branchTypes(schema: PropertySchema | boolean, settings: TypeSettings): ColumnType[] {
  if (typeof schema === 'boolean') return [VARIANT];
  const merged = mergeAllOf(schema);
  const alternatives = merged.anyOf ?? merged.oneOf;
  if (alternatives) {
    const { anyOf: _anyOf, oneOf: _oneOf, ...common } = merged;
    return alternatives.flatMap((branch) =>
      branchTypes(typeof branch === 'boolean' ? branch : { ...common, ...branch }, settings),
    );
  }
  if (merged.const !== undefined) return typesOfValues([merged.const]);
  if (merged.type === undefined && merged.enum) return typesOfValues(merged.enum);
  if (merged.type === undefined) return [VARIANT];
  const types = typeof merged.type === 'string' ? [merged.type] : merged.type;
  return types.flatMap((type) => typeOf(type, merged, settings));
}

function mergeAllOf(schema: PropertySchema): PropertySchema {
  if (!schema.allOf) return schema;
  const { allOf, ...rest } = schema;
  return [...allOf, rest].reduce<PropertySchema>((all, one) => ({ ...all, ...mergeAllOf(one) }), {});
}

function typeOf(type: string, schema: PropertySchema, settings: TypeSettings): ColumnType[] {
  switch (type) {
    case 'null':
      return [];
    case 'boolean':
      return [{ kind: 'boolean' }];
    case 'integer':
      return [INTEGER];
    case 'number':
      return [schema.format === 'x-singer.decimal' ? singerDecimal(schema) : numberType(schema.multipleOf)];
    case 'string':
      return [stringType(schema, settings)];
    default:
      return [VARIANT];
  }
}

function numberType(multipleOf: number | undefined): ColumnType {
  const scale = multipleOf === undefined ? undefined : decimalPlaces(multipleOf);
  return scale === undefined || scale > 37 ? { kind: 'float' } : { kind: 'number', precision: 38, scale };
}

/** How many digits a number has behind the point, exponents resolved: 0.01 → 2, 1e-7 → 7, 10 → 0. */
export function decimalPlaces(value: number): number {
  const [digits = '', exponent = '0'] = value.toString().split('e');
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
}

function singerDecimal({ precision, scale }: PropertySchema): ColumnType {
  const places = scale ?? (precision === undefined ? DEFAULT_DECIMAL_SCALE : 0);
  if (places > 37) return TEXT;
  return { kind: 'number', precision: Math.min(38, Math.max(precision ?? 38, places)), scale: places };
}

function stringType(schema: PropertySchema, settings: TypeSettings): ColumnType {
  if (schema.contentEncoding === 'base64') return { kind: 'binary' };
  switch (schema.format) {
    case 'date-time':
      return { kind: 'timestamp', zone: settings.timestampZone };
    case 'date':
      return { kind: 'date' };
    case 'time':
      return { kind: 'time' };
    case 'uuid':
      return { kind: 'text', length: settings.uuidFormat === 'native' ? 32 : 36 };
    case 'x-singer.decimal':
      return singerDecimal(schema);
    default:
      return { kind: 'text', length: textLength(schema.maxLength) };
  }
}

const textLength = (maxLength: number | undefined): number =>
  maxLength !== undefined && maxLength >= 1 && maxLength < MAX_TEXT_LENGTH ? maxLength : MAX_TEXT_LENGTH;

function typesOfValues(values: readonly unknown[]): ColumnType[] {
  return values.flatMap((value): ColumnType[] => {
    switch (typeof value) {
      case 'string':
        return [TEXT];
      case 'boolean':
        return [{ kind: 'boolean' }];
      case 'number':
        return [Number.isInteger(value) ? INTEGER : { kind: 'float' }];
      default:
        return value === null ? [] : [VARIANT];
    }
  });
}

const isUuid = (schema: PropertySchema | boolean): boolean =>
  typeof schema === 'object' &&
  (schema.format === 'uuid' ||
    [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].some(isUuid));

const unique = (types: ColumnType[]): ColumnType[] =>
  types.filter((type, index) => types.findIndex((other) => sameType(type, other)) === index);
