import type { RecordBytes, RecordError } from '@singer-io-ts/sdk';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readBatchFile } from './batch-reader.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'batch-reader-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The ids of a file's records; then why a line was refused, and why the file was. */
async function read(
  content: Buffer | string | undefined,
  compression: 'gzip' | 'none' | undefined,
): Promise<unknown[]> {
  const file = path.join(folder, 'f');
  await rm(file, { force: true });
  if (content !== undefined) await writeFile(file, content);
  const found: unknown[] = [];
  const plain = (message: string): string => message.replaceAll(file, 'FILE');
  try {
    await readBatchFile({
      path: file,
      compression,
      stream: 's',
      messageLine: 7,
      maxLineBytes: 50,
      onRecord: ({ record }) => void found.push(record['id']),
      onRefused: (_: RecordBytes, error: RecordError) => void found.push(plain(error.message)),
      ready: () => Promise.resolve(),
    });
  } catch (error) {
    found.push(plain((error as Error).message));
  }
  return found;
}

const [one, two] = ['{"id":1}\n', '{"id":2}\n'];
const NO_GZIP = expect.stringMatching(/^line 7: BATCH file FILE of stream "s" is not the gzip file .* \(Z_\w+\)$/);
const MORE = 'line 7: BATCH file FILE of stream "s" is damaged: it has more behind the end of its compressed data';

it.each([
  ['plain lines', one + two, 'none', [1, 2]],
  ['plain lines, the last without its end', one + two.trim(), undefined, [1, 2]],
  ['nothing', '', 'none', []],
  ['nothing, compressed', gzipSync(''), 'gzip', []],
  ['compressed parts', Buffer.concat([gzipSync(one), gzipSync(two)]), 'gzip', [1, 2]],
  ['padding behind compressed data', Buffer.concat([gzipSync(one), Buffer.alloc(512)]), undefined, [1]],
  [
    'a hole between compressed parts',
    Buffer.concat([gzipSync(one), Buffer.alloc(9), gzipSync(two)]),
    'gzip',
    [1, MORE],
  ],
  ['no compressed data', '', 'gzip', [NO_GZIP]],
  ['plain lines that are called compressed', one, 'gzip', [NO_GZIP]],
  ['plain lines behind compressed ones', Buffer.concat([gzipSync(one), Buffer.from(two)]), 'gzip', [NO_GZIP]],
  ['compressed data that is cut off', gzipSync(one + two).subarray(0, -8), 'gzip', [1, 2, NO_GZIP]],
  [
    'a record that is cut off',
    one + two.slice(0, -3),
    'none',
    [1, 'line 7: BATCH file FILE, line 2 is not valid JSON (stream "s")'],
  ],
  ['other JSON', `[1]\n${two}`, 'none', ['line 7: BATCH file FILE, line 1 is not a JSON object (stream "s")', 2]],
  [
    'a number that JSON does not have',
    '{"id":NaN}\n',
    'none',
    [expect.stringMatching(/FILE, line 1 holds NaN in property "id", .*\(stream "s"\)$/)],
  ],
  [
    'a line that is too long',
    `${one}{"id":"${'x'.repeat(60)}"}\n`,
    'none',
    [1, expect.stringMatching(/FILE, line 2 is longer than 50 bytes .*\(stream "s"\)$/)],
  ],
  ['no file', undefined, 'gzip', ['line 7: BATCH file FILE of stream "s" cannot be read (ENOENT)']],
] as const)('says of %s what is wrong, if anything is, and where', async (_, content, compression, expected) => {
  expect(await read(content, compression)).toEqual(expected);
});
