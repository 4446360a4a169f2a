import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Session, Upload } from '@singer-io-ts/snowflake-session';
import { groupFiles, uploadFiles } from './upload-files.js';

it('lets small files share a statement, a few each, and gives large ones their own', () => {
  const sizes = [1, 2, 3, 4, 5, 9_000_000, 1, 8_000_000, 1_000_000];
  const groups = groupFiles(sizes.map((bytes) => ({ path: `/spool/${bytes}`, bytes, lineBytes: bytes })));
  expect(groups.map((group) => group.map(({ bytes }) => bytes))).toEqual([
    [1, 2, 3, 4],
    [5],
    [9_000_000],
    [1, 8_000_000],
    [1_000_000],
  ]);
});

it('names by its pattern the files of the group and no other, and leaves nothing behind', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'upload-files-'));
  try {
    const files = ['000001.jsonl.gz', '000002.jsonl.gz'].map((name) => ({
      path: path.join(folder, name),
      bytes: 3,
      lineBytes: 9,
    }));
    for (const { path: file } of [...files, { path: path.join(folder, '000003.jsonl.gz') }])
      await writeFile(file, 'abc');
    const seen: string[][] = [];
    const upload = async ({ pattern, bytes }: Upload): Promise<void> => {
      seen.push((await readdir(path.dirname(pattern))).sort(), [...bytes.keys()].sort());
    };
    await uploadFiles({ upload } as Session, files, { location: '@~', compression: 'GZIP', parallelism: 2 });
    expect(seen).toEqual([
      ['000001.jsonl.gz', '000002.jsonl.gz'],
      ['000001.jsonl.gz', '000002.jsonl.gz'],
    ]);
    expect((await readdir(folder)).sort()).toEqual(['000001.jsonl.gz', '000002.jsonl.gz', '000003.jsonl.gz']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
