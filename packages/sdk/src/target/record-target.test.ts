import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { stringifyJson } from '../json/lossless.js';
import { silentLogger } from '../logging/logger.js';
import { MessageWriter } from '../messages/message-writer.js';
import { Metrics } from '../metrics/metrics.js';
import { CollectingOutput } from '../testing/collecting-output.js';
import { load } from './load-engine.js';
import { RecordTarget, type RecordBatch } from './record-target.js';

class Kept extends RecordTarget {
  override readonly maxBatchRecords = 2;
  override readonly formats = { plate: /^[A-Z]{2}-\d+$/ };
  readonly batches: RecordBatch[] = [];
  override write(batch: RecordBatch): void {
    this.batches.push(batch);
  }
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'record-target-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const SCHEMA = {
  type: 'SCHEMA',
  stream: 's',
  schema: { properties: { id: { type: 'integer' }, car: { type: 'string', format: 'plate' } } },
  key_properties: ['id'],
};
async function run(messages: object[]): Promise<{ target: Kept; states: string[] }> {
  const target = new Kept();
  const logger = silentLogger();
  const output = new CollectingOutput();
  await load({
    input: Readable.from(messages.map((message) => `${JSON.stringify(message)}\n`)),
    target,
    policy: target.policy,
    formats: target.formats,
    writer: new MessageWriter(output),
    logger,
    metrics: new Metrics(logger),
  });
  return { target, states: output.lines };
}
function batchOf(...lines: string[]): object {
  const plain = path.join(folder, 'a.jsonl');
  const packed = path.join(folder, 'b.jsonl.gz');
  writeFileSync(plain, `${lines.join('\n')}\n`);
  writeFileSync(packed, gzipSync('{"id":4}\n'));
  const manifest = [pathToFileURL(plain).href, packed];
  return { type: 'BATCH', stream: 's', encoding: { format: 'jsonl', compression: 'gzip' }, manifest };
}

it('writes what files hold in batches of its size, in order, before the STATE that follows', async () => {
  const record = { type: 'RECORD', stream: 's', record: { id: 0 } };
  const batch = batchOf('{"id":1}', '{"id":12345678901234567890}', '{"id":3}');
  const { target, states } = await run([SCHEMA, record, batch, { type: 'STATE', value: { done: true } }]);
  const written = target.batches.map(({ records }) => records.map(({ id }) => stringifyJson(id as never)));
  expect(written).toEqual([['0'], ['1', '12345678901234567890'], ['3'], ['4']]);
  expect(states).toEqual(['{"done":true}']);
});

it.each([
  ['does not fit', '{"id":"x"}', 'RECORD'],
  ['has no key', '{}', 'RECORD'],
  ['breaks a format of the target’s own', '{"id":1,"car":"hunter2"}', 'RECORD'],
  ['is no JSON', '{"id":hunter2', 'RECORD'],
])('ends the run at a line that %s, and shows no value', async (_title, line, code) => {
  const failed = run([SCHEMA, batchOf(line)]);
  await expect(failed).rejects.toMatchObject({ code, message: expect.not.stringContaining('hunter2') });
});

it.each([['s3://bucket/a.jsonl'], ['/no/such/file.jsonl']])('refuses the file %s', async (file) => {
  const batch = { type: 'BATCH', stream: 's', encoding: { format: 'jsonl' }, manifest: [file] };
  await expect(run([SCHEMA, batch])).rejects.toMatchObject({ code: 'PROTOCOL' });
});
