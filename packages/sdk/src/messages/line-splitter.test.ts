import fc from 'fast-check';
import { ProtocolError } from '../errors/protocol-error.js';
import { LineSplitter } from './line-splitter.js';

function split(chunks: readonly Buffer[], maxLineBytes = 1_000_000): { line: number; text: string }[] {
  const lines: { line: number; text: string }[] = [];
  const splitter = new LineSplitter({
    maxLineBytes,
    onLine: (buffer, start, end, line) => lines.push({ line, text: buffer.toString('utf8', start, end) }),
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

/** Cuts bytes at arbitrary places, in the middle of characters too. */
function chop(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return places.slice(1).map((place, i) => bytes.subarray(places[i], place));
}

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are chunked', () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\n\uFEFF]/g, ' '));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), fc.boolean(), (lines, cuts, newlineAtEnd) => {
        const bytes = Buffer.from(lines.join('\n') + (newlineAtEnd ? '\n' : ''));
        const expected = lines.map((text, i) => ({ line: i + 1, text })).filter(({ text }) => /[^ \t\r]/.test(text));
        expect(split(chop(bytes, cuts))).toEqual(expected);
      }),
    );
  });

  it('counts blank lines, so that a message names the line an editor shows', () => {
    expect(split([Buffer.from('a\n\n \r\nb')])).toEqual([
      { line: 1, text: 'a' },
      { line: 4, text: 'b' },
    ]);
  });

  it('takes a byte order mark off the first line only', () => {
    expect(split([Buffer.from('\uFEFFa\n\uFEFFb')]).map(({ text }) => text)).toEqual(['a', '\uFEFFb']);
  });

  it('refuses bytes that are not UTF-8, naming the line, also when they span chunks', () => {
    const bytes = Buffer.concat([Buffer.from('ok\nbad '), Buffer.from([0xc3, 0x28]), Buffer.from('\nok\n')]);
    for (const chunks of [[bytes], chop(bytes, [5, 8, 9])]) {
      expect(() => split(chunks)).toThrow(expect.objectContaining({ code: 'PROTOCOL', line: 2 }));
    }
  });

  it('hands on the lines before a bad one first', () => {
    const seen: number[] = [];
    const splitter = new LineSplitter({ maxLineBytes: 100, onLine: (_b, _s, _e, line) => seen.push(line) });
    expect(() => splitter.push(Buffer.concat([Buffer.from('1\n2\n'), Buffer.from([0xff]), Buffer.from('\n')]))).toThrow(
      ProtocolError,
    );
    expect(seen).toEqual([1, 2]);
  });

  it('refuses a line over the limit before holding more of it than that', () => {
    const splitter = new LineSplitter({ maxLineBytes: 10, onLine: () => undefined });
    splitter.push(Buffer.from('0123456789'));
    expect(() => splitter.push(Buffer.from('x'))).toThrow(/line 1 is longer than 10 bytes/);
  });
});
