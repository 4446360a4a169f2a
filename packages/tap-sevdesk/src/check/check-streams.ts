import {
  AccessDeniedError,
  AuthenticationError,
  compileRecordValidator,
  describeError,
  isJsonObject,
  type Logger,
  parseJson,
  RequestRefusedError,
  type StreamFailure,
  StreamsFailedError,
  type TestMode,
  UnexpectedResponseError,
} from '@singer-io-ts/sdk';
import { recordText } from '../api/page.js';
import type { SevdeskStream } from '../sync/sevdesk-stream.js';

/** Objects looked at in each stream for fields that its schema lacks. */
const SAMPLE_SIZE = 100;

interface Checked {
  stream: string;
  /** `readable`, `empty`, `refused`, `missing` or `failed`. */
  outcome: string;
  /** How many objects the service counts. */
  total: number | undefined;
  unknown: readonly string[];
  error: unknown;
}

/**
 * Tries the tap without writing messages, and prints a table of all streams: `connection` asks each for one object,
 * `records` checks that object against the schema, `schema` looks at more of them for fields that the schema does not name.
 *
 * @throws AuthenticationError when the key is refused
 * @throws StreamsFailedError naming streams that a run would read and that cannot be read
 * @throws UnexpectedResponseError naming the fields, when the service sends more than the schemas know
 */
export async function checkStreams(mode: TestMode, streams: readonly SevdeskStream[], logger: Logger): Promise<void> {
  const checked: Checked[] = [];
  for (const stream of streams) checked.push(await check(mode, stream));
  for (const line of table(checked)) logger.info(line);
  const byDefault = new Set(streams.filter((stream) => stream.selectedByDefault).map(({ name }) => name));
  const failures: StreamFailure[] = checked
    .filter(({ stream, error }) => error !== undefined && byDefault.has(stream))
    .map(({ stream, error }) => ({ stream, error }));
  if (failures.length > 0) throw new StreamsFailedError({ failures, total: byDefault.size });
  const drift = checked.flatMap(({ stream, unknown }) => unknown.map((field) => `${stream}.${field}`));
  if (mode !== 'schema' || drift.length === 0) return;
  throw new UnexpectedResponseError({
    message: `the service sends fields that the schemas do not name: ${drift.join(', ')}; they are kept in additional_fields, and can have columns of their own once schemas/sevdesk names them`,
  });
}

async function check(mode: TestMode, stream: SevdeskStream): Promise<Checked> {
  try {
    const { rows, total } = await stream.sample(mode === 'schema' ? SAMPLE_SIZE : 1);
    const validate = compileRecordValidator(stream.name, stream.schema);
    const unknown = new Set<string>();
    for (const [i, row] of mode === 'connection' ? [] : rows.entries()) {
      const record = parseJson(recordText(row));
      if (!isJsonObject(record)) continue;
      validate(record, i + 1);
      const additional = record['additional_fields'];
      if (isJsonObject(additional)) for (const field of Object.keys(additional)) unknown.add(field);
    }
    const outcome = rows.length === 0 ? 'empty' : 'readable';
    return { stream: stream.name, outcome, total, unknown: [...unknown], error: undefined };
  } catch (error) {
    if (AuthenticationError.isInstance(error)) throw error;
    return { stream: stream.name, outcome: outcomeOf(error), total: undefined, unknown: [], error };
  }
}

function outcomeOf(error: unknown): string {
  if (AccessDeniedError.isInstance(error)) return 'refused';
  return RequestRefusedError.isInstance(error) && /HTTP 404\b/.test(error.message) ? 'missing' : 'failed';
}

function table(checked: readonly Checked[]): string[] {
  const width = Math.max(...checked.map(({ stream }) => stream.length));
  return checked.map(({ stream, outcome, total, unknown, error }) => {
    const count = total === undefined ? '' : total.toLocaleString('en');
    const more = unknown.length === 0 ? '' : `  ${unknown.length} more fields`;
    const reason = error === undefined ? '' : `  ${describeError(error)}`;
    return `${stream.padEnd(width)}  ${outcome.padEnd(8)}  ${count.padStart(11)}${more}${reason}`.trimEnd();
  });
}
