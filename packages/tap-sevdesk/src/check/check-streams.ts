import {
  compileRecordValidator,
  isJsonObject,
  type Logger,
  parseJson,
  type TestMode,
  UnexpectedResponseError,
} from '@singer-io-ts/sdk';
import { recordText } from '../api/page.js';
import type { SevdeskStream } from '../sync/sevdesk-stream.js';

/** Objects looked at in each stream for fields that its schema lacks. */
const SAMPLE_SIZE = 100;

/**
 * Tries the tap without writing messages: `connection` signs in, `records` reads an object of each stream and checks it
 * against its schema, `schema` looks at more of them for fields that the schema does not name.
 *
 * @throws UnexpectedResponseError naming the fields, when the service sends more than the schemas know
 */
export async function checkStreams(mode: TestMode, streams: readonly SevdeskStream[], logger: Logger): Promise<void> {
  const drift: string[] = [];
  for (const stream of mode === 'connection' ? streams.slice(0, 1) : streams) {
    const rows = await stream.sample(mode === 'schema' ? SAMPLE_SIZE : 1);
    const validate = compileRecordValidator(stream.name, stream.schema);
    const unknown = new Set<string>();
    for (const [i, row] of rows.entries()) {
      const record = parseJson(recordText(row));
      if (!isJsonObject(record)) continue;
      validate(record, i + 1);
      const additional = record['additional_fields'];
      if (isJsonObject(additional)) for (const field of Object.keys(additional)) unknown.add(field);
    }
    logger.info(
      `${stream.name}: ${rows.length} of its objects fit the schema${unknown.size === 0 ? '' : `, with ${unknown.size} more fields`}`,
    );
    drift.push(...[...unknown].map((field) => `${stream.name}.${field}`));
  }
  if (mode !== 'schema' || drift.length === 0) return;
  throw new UnexpectedResponseError({
    message: `the service sends fields that the schemas do not name: ${drift.join(', ')}; they are kept in additional_fields, and can have columns of their own once schemas/sevdesk names them`,
  });
}
