/// <reference types="node" preserve="true" />
export { ExitCode, SingerError, type SingerErrorOptions } from './errors/singer-error.js';
export { ConfigError } from './errors/config-error.js';
export { UsageError } from './errors/usage-error.js';
export { ProtocolError } from './errors/protocol-error.js';
export { RecordError } from './errors/record-error.js';
export { AuthenticationError } from './errors/authentication-error.js';
export { InterruptedError } from './errors/interrupted-error.js';
export {
  AccessDeniedError,
  FilterIgnoredError,
  NetworkError,
  PaginationLoopError,
  RateLimitError,
  RequestRefusedError,
  ServerError,
  SourceError,
  UnexpectedResponseError,
} from './errors/source-errors.js';
export {
  CopyRejectedError,
  LoadError,
  SchemaConflictError,
  StatementRefusedError,
  WarehouseUnavailableError,
} from './errors/load-errors.js';
export { UnsortedStreamError } from './errors/unsorted-stream-error.js';
export { StreamsFailedError, type StreamFailure } from './errors/streams-failed-error.js';
export { describeError, errorDetail, exitCodeOf } from './errors/describe-error.js';

export { isJsonObject, type JsonObject, type JsonValue } from './json/json-value.js';
export { makeFolder } from './messages/make-folder.js';
export { cloneJson } from './json/clone-json.js';
export { ExactNumber, isExactNumber } from './json/exact-number.js';
export {
  exactnessOf,
  type ExactnessTest,
  mayLoseDigits,
  parseJson,
  parseJsonVerbatim,
  stringifyJson,
} from './json/lossless.js';

export { schemaTypes, type JsonSchema, type JsonSchemaType } from './schema/json-schema.js';
export {
  array,
  boolean,
  date,
  dateTime,
  integer,
  nullable,
  number,
  object,
  required,
  string,
  withDefault,
  type Annotations,
} from './schema/types.js';
export type { RequiredSchema, TypedSchema } from './schema/typed-schema.js';
export type { Infer } from './schema/infer.js';
export type { SchemaLiteral, SchemaSource, StandardJsonSchema } from './schema/standard-schema.js';
export type { FormatCheck } from './schema/formats.js';
export { canonicalSchema } from './schema/canonical-schema.js';
export {
  compileRecordValidator,
  type RecordValidator,
  type RecordValidatorOptions,
} from './schema/record-validator.js';
export { compileKeyCheck } from './target/key-check.js';
export { compileRecordCheck } from './target/record-check.js';
export { isDecimalMultiple } from './schema/decimal.js';

export type {
  ActivateVersionMessage,
  BatchMessage,
  Message,
  RecordMessage,
  SchemaMessage,
  StateMessage,
} from './messages/messages.js';
export { MessageWriter, type RecordOptions } from './messages/message-writer.js';
export { MessageParser, type MessageHandler } from './messages/message-parser.js';
export { parseBareRecord, type BareRecordPlace } from './messages/bare-record.js';
export { LineSplitter, type LineSplitterOptions } from './messages/line-splitter.js';
export { exactRecord, textOf, type RecordBytes, type RecordLine } from './messages/record-span.js';

export { envNameOf, loadConfig, readJsonObject, type LoadConfigOptions } from './config/load-config.js';
export { validateConfig, type ValidateConfigOptions } from './config/validate-config.js';

export {
  describeStream,
  parseCatalog,
  type Catalog,
  type CatalogEntry,
  type CatalogMetadata,
  type ReplicationMethod,
  type StreamDescription,
} from './catalog/catalog.js';
export { selectFrom, type Selection } from './catalog/selection.js';
export { TapState } from './state/tap-state.js';
export { syncMarkOf, syncMarkToState, type SyncMark } from './state/sync-mark.js';
export { compareReplicationValues, isReplicationValue, type ReplicationValue } from './state/compare-values.js';
export { IncrementalProgress, type IncrementalProgressOptions } from './state/incremental-progress.js';
export { PartitionedBookmark } from './state/partitioned-bookmark.js';

export type { MappedStream, StreamMapper } from './mapping/mapped-stream.js';
export { loadMapper } from './mapping/load-mapper.js';

export { LOG_LEVELS, Logger, silentLogger, type LogContext, type LogLevel, type LogRecord } from './logging/logger.js';
export { createLogger } from './logging/create-logger.js';
export { Metrics, type MetricName, type MetricTags } from './metrics/metrics.js';

export { Stream } from './tap/stream.js';
export { StreamSync, type ChildSync, type StreamSyncOptions } from './tap/stream-sync.js';
export type { StreamOutput } from './tap/stream-output.js';
export { RecordStream } from './tap/record-stream.js';
export type { ParentLink, RecordsRequest } from './tap/record-source.js';
export {
  defineStream,
  type DefinedStream,
  type ReadingOptions,
  type RestOptions,
  type StreamDefinition,
} from './define/define-stream.js';
export { childOf, type NamedStream, type TypedStream } from './define/typed-stream.js';
export { defineTap } from './tap/define-tap.js';
export type { TapContext, TapDefinition, TestMode } from './tap/tap.js';
export { runSync, type RunSyncOptions } from './tap/run-sync.js';

export type {
  CommitContext,
  Cut,
  CutPolicy,
  CutReason,
  OpenedTarget,
  Sink,
  Target,
  TargetContext,
  TargetDefinition,
} from './target/target.js';
export { defineTarget } from './target/define-target.js';
export { RecordTarget, type RecordBatch, type RecordStep } from './target/record-target.js';
export { load, type LoadOptions } from './target/load-engine.js';
export { openInput } from './target/input.js';

export { RestApi, type JsonResponse, type RestApiOptions } from './rest/rest-api.js';
export { RestStream } from './rest/rest-stream.js';
export type { Page, PageRequest, Paginator } from './rest/paginator.js';
export {
  cursorPages,
  linkedPages,
  linkHeaderPages,
  numberedPages,
  offsetPages,
  singlePage,
  type CursorPagesOptions,
  type NumberedPagesOptions,
  type OffsetPagesOptions,
} from './rest/paginators.js';
export { basic, bearer, headerKey, queryKey } from './rest/authenticators.js';
export { hmac, type HmacOptions } from './rest/hmac.js';
export { OAuth2Token, type OAuth2Options } from './rest/oauth2-token.js';
export { OAuth2ClientCredentials, type OAuth2ClientCredentialsOptions } from './rest/oauth2-client-credentials.js';
export { OAuth2JwtBearer, type OAuth2JwtBearerOptions } from './rest/oauth2-jwt-bearer.js';
export { OAuth2RefreshToken, type OAuth2RefreshTokenOptions } from './rest/oauth2-refresh-token.js';

export type { Answer } from './http/answer.js';
export type { Authenticator, SignableRequest, Signature } from './http/authenticator.js';
export type { HttpClientOptions, RequestReport } from './http/http-client.js';
export type { HttpMethod, HttpRequest, Query, QueryValue, RequestBody } from './http/http-request.js';
export type { ResponseAction, ResponseRule, StatusMatch } from './http/response-rules.js';
export type { HttpResponse } from './http/http-response.js';
export { forEachConcurrently } from './concurrency/for-each-concurrently.js';
export { requestOptions, requestSettings, type RequestSettings } from './http/request-settings.js';
export { systemClock, type Clock } from './http/clock.js';
export { withRetry, type RetryOptions, type RetryPolicy } from './http/retry.js';
