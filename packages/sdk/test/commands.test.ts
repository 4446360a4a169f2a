import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const root = path.resolve(import.meta.dirname, '../../..');
const TAP = path.join(root, 'examples/dist/tap-books/main.js');
const TARGET = path.join(root, 'examples/dist/target-folder/main.js');
const SINGER = path.join(root, 'packages/sdk/bin/singer.js');

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(program: string, args: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'] ?? '', ...env } });
}

function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Waits until a stream of a process has said something. */
function said(stream: NodeJS.ReadableStream, what: string): Promise<void> {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(what)) resolve();
    });
  });
}

async function run(
  program: string,
  args: string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string | Buffer } = {},
): Promise<Ended> {
  const child = start(program, args, env);
  const result = ended(child);
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return result;
}

const SCHEMA =
  '{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}';
const record = (id: number | string): string => `{"type":"RECORD","stream":"s","record":{"id":${JSON.stringify(id)}}}`;
const lines = (...all: string[]): string => `${all.join('\n')}\n`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'commands-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};
const targetConfig = (): string => file('target.json', JSON.stringify({ folder: path.join(folder, 'out') }));

/** One line on stderr that says what is wrong. */
function expectOneLine({ stderr }: Ended, text: string | RegExp): void {
  const [line, ...others] = stderr.trim().split('\n');
  expect(line).toMatch(text);
  expect(others).toEqual([]);
}

describe('a tap’s command', () => {
  it('says its version, help, settings and catalog without settings and network', async () => {
    const [version, help, about, discover] = await Promise.all(
      [['--version'], ['--help'], ['--about', '--format', 'json'], ['--discover']].map((args) => run(TAP, args)),
    );
    expect(version!.stdout).toBe('tap-books 0.1.0\n');
    expect(help!.stdout).toContain('--discover');
    expect(JSON.parse(about!.stdout)).toMatchObject({ name: 'tap-books', streams: ['books'] });
    expect(JSON.parse(discover!.stdout)).toMatchObject({ streams: [{ tap_stream_id: 'books' }] });
    expect([version, help, about, discover].map((result) => result!.code)).toEqual([0, 0, 0, 0]);
  });

  it.each<[string, string[], Record<string, string>, string | RegExp]>([
    [
      'no settings',
      [],
      {},
      'setting "api_url" is missing; set it in the config file or as environment variable TAP_BOOKS_API_URL',
    ],
    ['a mistyped option', ['--confg', 'x'], {}, /Unknown arguments?: confg.*did you mean --config\?/],
    [
      'an option that is like none',
      ['--zebra', 'x'],
      {},
      /Unknown argument: zebra.*"tap-books --help" lists the options/,
    ],
    ['a config that is not there', ['--config', 'none.json'], {}, 'config file none.json cannot be read (ENOENT)'],
    ['a mistyped setting', ['--config', 'bad.json'], {}, 'unknown setting "tokn" in bad.json; did you mean "token"?'],
    [
      'a state that is no state',
      ['--config', 'ok.json', '--state', 'list.json'],
      {},
      'state file list.json must contain a JSON object',
    ],
    [
      'a catalog that is none',
      ['--config', 'ok.json', '--catalog', 'bad.json'],
      {},
      'the catalog must be an object with a list "streams"',
    ],
    [
      'an unknown way to test',
      ['--config', 'ok.json', '--test=all-of-it'],
      {},
      '--test takes connection, records, schema',
    ],
    [
      'two states',
      ['--config', 'ok.json', '--state', 'ok.json', '--state', 'ok.json'],
      {},
      '--state may be given once only',
    ],
    [
      'a stream map that is none',
      ['--config', 'ok.json', '--config', 'map.json'],
      {},
      'setting "stream_maps.books.x" is no valid expression',
    ],
  ])('ends with 2, one line and no message for %s', async (_title, args, env, message) => {
    file('bad.json', '{"tokn":"x","streams":1}');
    file('list.json', '[]');
    file('ok.json', '{"api_url":"http://127.0.0.1:9","token":"hunter2"}');
    file('map.json', '{"stream_maps":{"books":{"x":"price +"}}}');
    const child = spawn(process.execPath, [TAP, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    const result = await ended(child);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expectOneLine(
      result,
      message instanceof RegExp ? message : new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
    );
    expect(result.stderr).not.toContain('hunter2');
  });

  describe('against a shop', () => {
    let server: Server;
    let answer: (page: number) => { status?: number; body: unknown };
    const config = (): string =>
      file(
        'config.json',
        JSON.stringify({ api_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'hunter2' }),
      );
    const page = (number: number): { body: unknown } => ({
      body: {
        data: Array.from({ length: 50 }, (_, i) => ({
          id: number * 50 + i,
          title: 'x'.repeat(2000),
          updated_at: new Date(Date.UTC(2026, 0, 1) + (number * 50 + i) * 1000).toISOString(),
        })),
      },
    });
    beforeEach(async () => {
      server = createServer((request, response) => {
        const { status = 200, body } = answer(Number(new URL(request.url ?? '', 'http://x').searchParams.get('page')));
        setTimeout(() => response.writeHead(status).end(JSON.stringify(body)), 5);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    it('ends with 3 when sign-in is refused, and never says the token', async () => {
      answer = () => ({ status: 401, body: {} });
      const result = await run(TAP, ['--config', config()], { env: { LOG_LEVEL: 'debug' } });
      expect(result.code).toBe(3);
      expect(result.stderr).toMatch(/ERROR\s+tap-books: sign-in was refused \(HTTP 401 for GET \/books\)/);
      expect(result.stderr).not.toContain('hunter2');
    });

    it('mentions a state that no stream can go on from', async () => {
      answer = () => ({ status: 400, body: {} });
      const state = file('odd-state.json', JSON.stringify({ books: { updated_at: '2026-01-01T00:00:00Z' } }));
      const { stderr } = await run(TAP, ['--config', config(), '--state', state]);
      expect(stderr).toContain('the state holds "books" and no "bookmarks", so no stream continues from it');
      const empty = await run(TAP, ['--config', config(), '--state', file('empty-state.json', '{}')]);
      expect(empty.stderr).not.toContain('the state');
    });

    it('shows a stack at level debug only', async () => {
      answer = () => ({ status: 400, body: {} });
      const [quiet, loud] = await Promise.all(
        ['info', 'debug'].map((level) => run(TAP, ['--config', config()], { env: { TAP_BOOKS_LOGLEVEL: level } })),
      );
      expect(quiet!.code).toBe(1);
      expect(quiet!.stderr).not.toContain('    at ');
      expect(loud!.stderr).toContain('    at ');
    });

    it('stops at SIGTERM with the state of what it has written', async () => {
      answer = page;
      const child = start(TAP, ['--config', config()]);
      const result = ended(child);
      await said(child.stdout, '"RECORD"');
      child.kill('SIGTERM');
      const { code, stdout, stderr } = await result;
      expect(code).toBe(1);
      expect(stderr).toMatch(/asked to stop; the next run continues from the state written last/);
      const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as { type: string; value: unknown };
      expect(last).toMatchObject({
        type: 'STATE',
        value: { bookmarks: { books: { progress_markers: expect.anything() } } },
      });
    });

    it('hears SIGTERM while a source that never waits keeps it busy', async () => {
      const child = start(path.join(root, 'bench/sdk/emit.mjs'), [], { BENCH_RECORDS: '1000000000' });
      const result = ended(child);
      await said(child.stdout, '"RECORD"');
      child.kill('SIGTERM');
      // Its output is hundreds of megabytes a minute: that it ends at all is what counts.
      expect((await result).code).toBe(1);
    });

    it('stops when the target has gone', async () => {
      answer = page;
      const child = start(TAP, ['--config', config()]);
      const result = ended(child);
      await said(child.stdout, '"RECORD"');
      child.stdout.destroy();
      const { code, stderr } = await result;
      expect(code).toBe(1);
      expect(stderr).toMatch(/the program that reads the messages has ended/);
      expect(stderr).not.toMatch(/EPIPE|unexpected/);
    });

    it('tries a tap without writing messages', async () => {
      answer = page;
      expect(await run(TAP, ['--config', config(), '--test'])).toMatchObject({ code: 0, stdout: '' });
      answer = () => ({ body: { data: [{ id: 'one', updated_at: '2026-01-01T00:00:00Z' }] } });
      const wrong = await run(TAP, ['--config', config(), '--test=schema']);
      expect(wrong).toMatchObject({ code: 1, stdout: '' });
      expect(wrong.stderr).toMatch(/record of stream "books" does not fit its schema: id must be an integer/);
    });
  });
});

describe('a target’s command', () => {
  it.each<[string, string, number, string | RegExp]>([
    ['nonsense', 'hello\n', 1, 'line 1 is not valid JSON'],
    [
      'a record that does not fit',
      lines(SCHEMA, record('hunter2')),
      1,
      'line 2: record of stream "s" does not fit its schema: id must be an integer',
    ],
    ['input that is cut off', `${lines(SCHEMA, record(1))}{"type":"REC`, 1, 'the input ends in the middle of line 3'],
  ])('ends with one line and no STATE for %s', async (_title, input, code, message) => {
    const result = await run(TARGET, ['--config', targetConfig()], { input });
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain('hunter2');
  });

  it('reads a file, gzipped or not, instead of stdin', async () => {
    const text = lines(SCHEMA, record(1), '{"type":"STATE","value":{"at":1}}');
    for (const name of [file('a.singer', text), file('b.singer.gz', gzipSync(text))]) {
      expect(await run(TARGET, ['--config', targetConfig(), '--input', name])).toMatchObject({
        code: 0,
        stdout: '{"at":1}\n',
      });
    }
    const none = await run(TARGET, ['--config', targetConfig(), '--input', 'none']);
    expect(none).toMatchObject({ code: 2 });
    expectOneLine(none, /input file none cannot be read \(ENOENT\)/);
  });

  it('loads what it has read when it is asked to stop, and writes its state', async () => {
    const child = start(TARGET, ['--config', targetConfig()], { LOG_LEVEL: 'debug' });
    const result = ended(child);
    child.stdin.write(lines(SCHEMA, record(1), '{"type":"STATE","value":{"at":1}}', record(2)));
    // The pipe is read as soon as the target is up; it says nothing of it.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    child.kill('SIGTERM');
    const { code, stdout, stderr } = await result;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '{"at":1}\n' });
    expect(stderr).toContain('asked to stop; everything read so far is loaded');
    expect(readFileSync(path.join(folder, 'out/s.jsonl'), 'utf8')).toBe('{"id":1}\n{"id":2}\n');
  });
});

describe('singer', () => {
  it('finds nothing wrong with what is right, and each thing that is wrong', async () => {
    expect(
      await run(SINGER, ['check'], { input: lines(SCHEMA, record(1), '{"type":"STATE","value":{}}') }),
    ).toMatchObject({ code: 0, stdout: 'no problems\n' });
    const wrong = lines(
      record(0),
      SCHEMA.replace('["id"]', '["id","no"]'),
      record('x'),
      '{"type":"RECORD","stream":"s","record":{"more":1},"version":5,"time_extracted":"soon"}',
      '{"type":"ACTIVATE_VERSION","stream":"s","version":4}',
      '{"type":"STATE","value":{"bookmarks":{"s":{"replication_key_value":5}}}}',
      '{"type":"STATE","value":{"bookmarks":{"s":{"replication_key_value":4,"progress_markers":{}}}}}',
      record(1),
      'nonsense',
    );
    const result = await run(SINGER, ['check', file('wrong.singer', wrong)]);
    expect(result.code).toBe(1);
    expect(result.stdout.trim().split('\n')).toEqual([
      'line 1: RECORD of stream "s" comes before its SCHEMA',
      'line 2: SCHEMA of stream "s" names key property "no", which it does not describe',
      'line 3: record of stream "s" does not fit its schema: id must be an integer',
      'line 3: record of stream "s" has no value in its key property "no"',
      'line 4: record of stream "s" has no value in its key property "id"',
      'line 4: record of stream "s" has no value in its key property "no"',
      'line 4: record of stream "s" has property "more", which its SCHEMA does not describe',
      'line 4: record of stream "s" has a time_extracted that is no time',
      'line 5: ACTIVATE_VERSION of stream "s" is older than the version of its records',
      'line 7: the bookmark of stream "s" goes back',
      'line 8: record of stream "s" has no value in its key property "no"',
      'line 9: is not valid JSON; is all that writes to this pipe a Singer tap?',
      '1 records come after the last STATE: no later run will know that they were sent',
      'the last STATE holds progress markers of stream "s": it was not finalised',
    ]);
  });

  it('counts', async () => {
    const input = lines(
      SCHEMA.replace('"key_', '"bookmark_properties":["id"],"key_'),
      record(3),
      record(1),
      '{"type":"STATE","value":{}}',
    );
    const result = await run(SINGER, ['stats', '--json'], { input });
    expect(JSON.parse(result.stdout)).toMatchObject({
      states: 1,
      streams: [{ stream: 's', records: 2, bytes: 16, replicationKey: 'id', least: 1, greatest: 3 }],
    });
  });

  it('compares what a version leaves, and warns of nothing when there is much to list', async () => {
    const rows = (version: number, from: number): string[] =>
      Array.from({ length: 40 - from }, (_, i) =>
        JSON.stringify({ type: 'RECORD', stream: 's', record: { id: from + i }, version }),
      );
    const whole = file('whole', lines(SCHEMA, ...rows(1, 0)));
    const activated = '{"type":"ACTIVATE_VERSION","stream":"s","version":2}';
    const less = file('less', lines(SCHEMA, ...rows(1, 0), ...rows(2, 25), activated));
    const result = await run(SINGER, ['diff', whole, less]);
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(result.stdout.trim().split('\n')).toHaveLength(25);
    expect(result.stdout).toContain('s: {"id":7} only in A');
  });

  it('compares what two files come to, however they are written', async () => {
    const a = file(
      'a',
      lines(SCHEMA, record(1), '{"type":"RECORD","stream":"s","record":{"id":2,"n":1.0,"m":1}}', record(3)),
    );
    const same = file(
      'b',
      lines(
        SCHEMA,
        record(9).replace('9', '3'),
        record(2),
        '{"type":"RECORD","stream":"s","record":{"m":1,"n":1,"id":2}}',
        record(1),
      ),
    );
    const other = file('c', lines(SCHEMA.replace('"integer"', '["integer","null"]'), record(1), record(2), record(4)));
    expect(await run(SINGER, ['diff', a, same])).toMatchObject({ code: 0, stdout: 'no differences\n' });
    const result = await run(SINGER, ['diff', a, other]);
    expect(result.code).toBe(1);
    expect(result.stdout.trim().split('\n')).toEqual([
      's: property "id" is described otherwise',
      's: {"id":2} differs in m, n',
      's: {"id":3} only in A',
      's: {"id":4} only in B',
    ]);
  });

  it.each([['--help'], ['check', '--help'], ['diff', '-h']])('explains itself for %j', async (...args) => {
    expect(await run(SINGER, args)).toMatchObject({ code: 0, stdout: expect.stringContaining('singer diff A B') });
  });

  it.each<[string[], string]>([
    [['chek'], 'there is no command "chek"; did you mean "singer check"?'],
    [['toString'], 'there is no command "toString"; "singer --help" lists them'],
    [['diff', 'a'], '"singer diff" takes two files'],
    [['check', '--json'], '"singer check" has no option --json'],
    [['check', 'none.singer'], 'none.singer cannot be read (ENOENT)'],
  ])('ends with 2 and one line for %j', async (args, message) => {
    const result = await run(SINGER, args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });
});
