import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GZIP } from './compression.js';
import { holdLongNumbers, writeSharedFile } from './shared-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shared-file-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const closed = async (name: string, lines: Buffer) => {
  const file = path.join(folder, name);
  await writeFile(file, gzipSync(lines));
  return { path: file, bytes: 1, lineBytes: lines.length };
};

it('keeps every line as it came, byte for byte, under the number of its part', async () => {
  const texts = ['{"n":1,"r":{"a":"größe 💧 \\n{"}}', '{"n":2,"r":{}}', '{"n":3,"r":{"b":1.50}}'];
  const [a, b, c] = await Promise.all(
    [texts.slice(0, 2), texts.slice(2), ['{"n":9,"r":{"p":7}}']].map((lines, index) =>
      closed(`${index}.jsonl.gz`, Buffer.from(lines.map((line) => `${line}\n`).join(''))),
    ),
  );
  const parts = [
    { number: 4, files: [a!, b!] },
    { number: 11, files: [c!] },
  ];
  const target = path.join(folder, 'shared.jsonl.gz');
  const written = await writeSharedFile(target, parts, GZIP);
  const compressed = await readFile(target);
  const lines = gunzipSync(compressed).toString();
  expect(lines).toBe(
    `{"p":4,"4":${texts[0]}}\n{"p":4,"4":${texts[1]}}\n{"p":4,"4":${texts[2]}}\n{"p":11,"11":{"n":9,"r":{"p":7}}}\n`,
  );
  expect(written).toEqual({ path: target, bytes: compressed.length, lineBytes: Buffer.byteLength(lines) });
});

it('says so when it cannot be written', async () => {
  const file = await closed('x.jsonl.gz', Buffer.from('{"n":1,"r":{}}\n'));
  const target = path.join(folder, 'no such folder', 'shared.jsonl.gz');
  await expect(writeSharedFile(target, [{ number: 0, files: [file] }], GZIP)).rejects.toThrow(
    /ENOENT.*spool_directory/,
  );
});

it.each([
  ['{"n":1,"r":{"a":-9918706079.12875003}}', true],
  ['{"n":1,"r":{"a":[{"b":12345678901234567}]}}', true],
  ['{"n":1,"r":{"a":1e-300}}', true],
  ['{"n":1,"m":1764061200000,"r":{"a":123456789.12345,"b":"2026-03-01T08:00:00Z"}}', false],
  ['{"n":1,"r":{"iban":"89370400440532013000","b":"a \\" 12345678901234567"}}', false],
])('finds numbers that a double does not hold, not such texts: %s', async (line, found) => {
  const short = await closed('short.jsonl.gz', Buffer.from('{"n":1,"r":{}}\n'));
  const file = await closed('long.jsonl.gz', Buffer.from(`${line}\n`));
  expect(await holdLongNumbers([short, file])).toBe(found);
});
