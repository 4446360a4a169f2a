import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SpoolFile, type ClosedFile } from './spool-file.js';
import { SpoolFiles } from './spool-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spool-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes rounds of lines to streams in turn, each going on in another file when its file is ended; gives what each stream wrote. */
async function write(
  streams: number,
  rounds: number,
  lineBytes: number,
): Promise<{ texts: string[]; mostOpen: number }> {
  const files = new SpoolFiles();
  const closed: Promise<ClosedFile>[][] = Array.from({ length: streams }, () => []);
  const current: (SpoolFile | undefined)[] = [];
  let made = 0;
  let mostOpen = 0;
  const end = (stream: number): void => {
    const file = current[stream];
    if (file) closed[stream]!.push(file.close());
    current[stream] = undefined;
  };
  for (let round = 0; round < rounds; round += 1) {
    for (let stream = 0; stream < streams; stream += 1) {
      const name = path.join(folder, `${streams}-${(made += 1)}.gz`);
      const file = (current[stream] ??= new SpoolFile(name, files, () => end(stream)));
      const line = Buffer.from(`${stream}.${round}${'x'.repeat(lineBytes)}`);
      file.append('{"r":', line, 0, line.length);
      mostOpen = Math.max(mostOpen, [...files.open].length);
    }
  }
  for (let stream = 0; stream < streams; stream += 1) end(stream);
  const texts = await Promise.all(
    closed.map(async (list) => {
      const whole = await Promise.all(
        list.map(async (one) => {
          const file = await one;
          const lines = gunzipSync(await readFile(file.path));
          expect(file.lineBytes).toBe(lines.length);
          return lines.toString();
        }),
      );
      return whole.join('');
    }),
  );
  return { texts, mostOpen };
}

const wanted = (stream: number, rounds: number, lineBytes: number): string =>
  Array.from({ length: rounds }, (_, round) => `{"r":${stream}.${round}${'x'.repeat(lineBytes)}}\n`).join('');

describe('many streams at a time', () => {
  it('need no open file while they are small', async () => {
    const { texts, mostOpen } = await write(500, 3, 100);
    expect(mostOpen).toBe(0);
    texts.forEach((text, stream) => expect(text).toBe(wanted(stream, 3, 100)));
  });

  it('share a few open files when they are large, and lose nothing of a line', async () => {
    const { texts, mostOpen } = await write(70, 4, 300_000);
    expect(mostOpen).toBeGreaterThan(0);
    expect(mostOpen).toBeLessThanOrEqual(48);
    texts.forEach((text, stream) => expect(text === wanted(stream, 4, 300_000)).toBe(true));
  });
});
