import type { HttpMethod, Query, RequestBody } from '../http/http-request.js';
import type { ResponseRule } from '../http/response-rules.js';
import type { JsonObject } from '../json/json-value.js';
import type { Paginator } from '../rest/paginator.js';
import type { RestApi } from '../rest/rest-api.js';
import { RestStream } from '../rest/rest-stream.js';
import type { Infer } from '../schema/infer.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { toJsonSchema, type SchemaSource } from '../schema/standard-schema.js';
import type { ReplicationValue } from '../state/compare-values.js';
import { RecordStream } from '../tap/record-stream.js';
import type { ParentLink, RecordsRequest } from '../tap/record-source.js';
import type { Given, KeyOf, NoContext, NothingUnknown, PathIn } from './typed-record.js';
import type { NamedStream, TypedStream } from './typed-stream.js';

/** What a stream is, whatever it reads from. */
export interface StreamDefinition<S, C extends JsonObject> {
  readonly name: string;
  /** By the SDK's builders, as a JSON Schema, or by zod or another library that follows Standard JSON Schema. */
  readonly schema: S;
  /** @default none */
  readonly primaryKeys?: readonly KeyOf<Infer<S>>[];
  /** The property that grows when a record changes; makes the stream incremental. @default none: it is read whole each time */
  readonly replicationKey?: KeyOf<Infer<S>>;
  /** The stream for whose records, one by one, this one is read; see `childOf`. @default none */
  readonly parent?: ParentLink<C>;
  /** @default true */
  readonly selectedByDefault?: boolean;
}

/** How a stream is read; see the properties of {@link RecordStream} of the same names. */
export interface ReadingOptions<C> {
  /** Where the first run of an incremental stream starts. @default at the beginning */
  readonly startValue?: ReplicationValue | undefined;
  /** Whether records come in ascending order of the replication key. @default false */
  readonly sorted?: boolean;
  /** Whether a full pass ends with ACTIVATE_VERSION. @default true */
  readonly versioned?: boolean;
  /** STATE is written after this many records of the stream, and at its end. @default 10000 */
  readonly checkpointRecords?: number;
  /** The properties of a context that tell bookmarks apart. @default all */
  readonly statePartitioningKeys?: readonly KeyOf<C>[];
  /** No bookmark goes past this value. @default now, for a replication key whose schema says `date-time` */
  readonly signpost?: (now: Date) => ReplicationValue | undefined;
}

/** How a stream is read from a JSON API; see the members of {@link RestStream} of the same names. */
export interface RestOptions<C, P extends string> extends ReadingOptions<C> {
  /** Appended to the API's address; `{name}` stands for a property of the context. */
  readonly path: P & PathIn<P, C>;
  /** @default GET */
  readonly method?: HttpMethod;
  /** Where the list of records is in the response. @default '' */
  readonly recordsPath?: string;
  /** Parameters beside those of the page. @default none */
  readonly query?: Query | ((request: RecordsRequest<C>) => Query);
  /** Headers beside those of the API. @default none */
  readonly headers?:
    Readonly<Record<string, string>> | ((request: RecordsRequest<C>) => Readonly<Record<string, string>>);
  /** What the request carries. @default nothing */
  readonly body?: RequestBody | ((request: RecordsRequest<C>) => RequestBody | undefined);
  /** How pages are turned; called for every listing. @default the listing comes whole */
  readonly paginator?: () => Paginator;
  /** What answers mean for this stream. @default as for the API */
  readonly responses?: readonly ResponseRule[];
  /** Turns what the response has into the record; undefined leaves it out. @default as it is */
  readonly toRecord?: (row: JsonObject, request: RecordsRequest<C>) => JsonObject | undefined;
}

/**
 * A stream that has been described, and not yet been told where its records come from. It holds no connection: one that
 * is in a module of its own can be described without any settings.
 */
export interface DefinedStream<R, C> extends NamedStream<R> {
  readonly schema: JsonSchema;
  /** Reads the stream in partitions, one after the other, with a bookmark for each. */
  partitions<const P extends JsonObject>(
    partitions: () => AsyncIterable<P> | Iterable<P>,
  ): DefinedStream<R, { -readonly [N in keyof P]: P[N] }>;
  /**
   * Reads the records by a function that gives them one by one. The compiler checks that they fit the schema; what the
   * context holds need not be in them.
   */
  records<const Y extends Given<R, C>>(
    read: ((request: RecordsRequest<C>) => AsyncIterable<Y> | Iterable<Y>) & NothingUnknown<Y, R>,
    options?: ReadingOptions<C>,
  ): TypedStream<R>;
  /** Reads the records from a listing of a JSON API. */
  rest<const P extends string>(api: RestApi, options: RestOptions<C, P>): TypedStream<R>;
}

/**
 * Describes a stream; everything else is typed from its schema. Say then where the records come from:
 * `defineStream({ … }).records(function* () { … })`, or `.rest(api, { path: … })`.
 */
export function defineStream<const S extends SchemaSource, C extends JsonObject = NoContext>(
  definition: StreamDefinition<S, C>,
): DefinedStream<Infer<S>, C> {
  return new Defined<Infer<S>, C>({
    ...definition,
    primaryKeys: definition.primaryKeys ?? [],
    schema: toJsonSchema(definition.schema, definition.name),
  });
}

/** A definition without the types that only the compiler sees. */
interface Description {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly primaryKeys: readonly string[];
  readonly replicationKey?: string;
  readonly parent?: ParentLink;
  readonly selectedByDefault?: boolean;
  readonly partitions?: () => AsyncIterable<JsonObject> | Iterable<JsonObject>;
}

type Read = (request: RecordsRequest) => AsyncIterable<JsonObject> | Iterable<JsonObject>;

class Defined<R, C> implements DefinedStream<R, C> {
  readonly name: string;
  readonly schema: JsonSchema;

  constructor(private readonly description: Description) {
    this.name = description.name;
    this.schema = description.schema;
  }

  partitions<const P extends JsonObject>(
    partitions: () => AsyncIterable<P> | Iterable<P>,
  ): DefinedStream<R, { -readonly [N in keyof P]: P[N] }> {
    return new Defined({ ...this.description, partitions });
  }

  // The compiler has checked against the interface what is taken here as plain JSON.
  records(read: unknown, options: ReadingOptions<C> = {}): TypedStream<R> {
    return new ReadStream(this.description, read as Read, options);
  }

  rest<const P extends string>(api: RestApi, { query, headers, body, ...options }: RestOptions<C, P>): TypedStream<R> {
    return new ListedStream(api, this.description, {
      ...options,
      ...(query === undefined ? {} : { query: asFunction(query) }),
      ...(headers === undefined ? {} : { headers: asFunction(headers) }),
      ...(body === undefined ? {} : { body: asFunction(body) }),
    });
  }
}

class ReadStream extends RecordStream {
  declare readonly name: string;
  declare readonly schema: JsonSchema;

  constructor(
    description: Description,
    override readonly records: Read,
    options: object,
  ) {
    super();
    Object.assign(this, given(description), given(options));
  }
}

class ListedStream extends RestStream {
  declare readonly name: string;
  declare readonly schema: JsonSchema;
  declare readonly path: string;

  constructor(api: RestApi, description: Description, options: object) {
    super(api);
    Object.assign(this, given(description), given(options));
  }
}

function asFunction<T extends object>(value: T | ((...given: never[]) => T)): (...given: never[]) => T {
  return typeof value === 'function' ? value : () => value;
}

/** Without what is undefined, so that it leaves the defaults alone. */
function given(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
