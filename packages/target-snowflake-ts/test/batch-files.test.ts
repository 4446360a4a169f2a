import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { state } from './support/messages.js';
import { people, peopleIn, person } from './support/people.js';
import { end, lines, pumps, record, refusalOf, schema } from './support/pumps.js';
import { runTarget, toLines, type Settings } from './support/run-target.js';
import { useSandbox } from './support/sandbox.js';

// Files that BATCH messages name are loaded like the records of the input.

const sandbox = useSandbox();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'batch-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const INTEGER = { type: 'integer' };
const refusal = (config: Settings, input: string): Promise<string> => refusalOf(sandbox, config, input);

it('loads files in order, beside records, and removes them when told', async () => {
  const root = path.join(folder, 'all');
  await mkdir(root);
  const config = { ...sandbox.fresh(), batch_config: { storage: { root } } };
  const file = async (name: string, rows: object[], zip: boolean) => {
    const text = toLines(rows);
    await writeFile(path.join(root, name), zip ? gzipSync(text) : text);
    return `file://${path.join(root, name)}`;
  };
  const first = await file(
    'a b.jsonl.gz',
    [
      { id: 1, name: 'file' },
      { id: 2, name: 'file', changed: '2026-01-01T00:00:00+01:00' },
    ],
    true,
  );
  const second = await file('two.jsonl.gz', [{ id: 2, name: 'later file' }], true);
  const plain = await file('plain.jsonl', [{ id: 3, name: 'plain' }], false);
  const input = [
    people.schema({ bookmark_properties: [] }),
    person(1, 'before'),
    people.batch([first, second], 'gzip'),
    people.batch([plain], 'none'),
    person(3, 'after'),
    state({ done: true }),
  ];
  const { states } = await sandbox.load({ ...config, clean_up_batch_files: false }, input);
  expect(states).toEqual([{ done: true }]);
  expect(await peopleIn(sandbox, config)).toEqual(['1:file', '2:later file', '3:after']);
  expect(await readdir(root)).toHaveLength(3);
  await sandbox.load(config, input);
  expect(await readdir(root)).not.toContain('two.jsonl.gz');
  const keyless = await file('bad.jsonl.gz', [{ id: null, name: 'x' }], true);
  const refused = await sandbox.refusal(config, [people.schema(), people.batch([keyless], 'gzip'), state({})]);
  expect(refused).toMatch(/line 2: BATCH file \S+bad\.jsonl\.gz, line 1: record of stream "people"/);
});

describe('their records', () => {
  const batch = (manifest: string[], compression: 'gzip' | 'none' = 'none') => pumps.batch(manifest, compression);
  const exists = async (file: string): Promise<boolean> => (await readFile(file).catch(() => undefined)) !== undefined;

  it('are checked like all records, and removed only where the tap was told to write', async () => {
    const root = path.join(folder, 'written here');
    await mkdir(root, { recursive: true });
    const [mine, yours] = [path.join(root, 'a.jsonl.gz'), path.join(folder, 'b.jsonl')];
    await writeFile(mine, gzipSync('{"id":1,"n":18014398509481985}\n{"id":2,"n":2}\n'));
    await writeFile(yours, '{"id":2,"n":3}');
    const config = { ...sandbox.fresh(), batch_config: { storage: { root: `file://${root}` } } };
    const messages = [batch([`file://${encodeURI(mine)}`], 'gzip'), batch([yours]), record({ id: 4, n: 4 })];
    await sandbox.load(config, lines(schema({ n: INTEGER }), ...messages, end));
    const rows = await sandbox.rows(config, 'PUMPS', '"ID"');
    expect(rows.map((row) => row['N'])).toEqual(['18014398509481985', '3', '4']);
    expect([await exists(mine), await exists(yours)]).toEqual([false, true]);
    await writeFile(yours, '{"id":2,"n":3}\n{"id":3,"n":"hunter2"}\n');
    const said = await refusal(config, lines(schema({ n: INTEGER }), batch([yours]), end));
    expect(said).toMatch(`line 2: BATCH file ${yours}, line 2: record of stream "pumps"`);
    expect(said).not.toMatch('hunter2');
  });

  it('are checked for all that lines of the input are, and put aside like those', async () => {
    const file = path.join(folder, 'odd.jsonl');
    const number = { type: 'number' };
    const said = async (...rows: string[]): Promise<string> => {
      await writeFile(file, rows.join('\n'));
      return refusal(sandbox.fresh(), lines(schema({ n: number }), batch([file]), end));
    };
    const at = `line 2: BATCH file ${file}, line 2`;
    expect(await said('{"id":1}', '{"id":2,"n":NaN}')).toMatch(
      `${at} holds NaN in property "n", which JSON does not have`,
    );
    expect(await said('{"id":1}', '{"id":2,"x":"\\ud800"}')).toMatch(
      `${at} has a string with half of a surrogate pair`,
    );
    expect(await said('{"id":1}', '[2]')).toMatch(`${at} is not a JSON object`);
    expect(await said('{"id":1}', '{"id":2')).toMatch(`${at} is not valid JSON`);
    expect(
      await said('{"id":1,"n":0.5}', '{"id":2,"n":1234567890.1234567890}', '{"id":3,"n":1234567890.1234567891}'),
    ).toMatch(`${at}: stream "pumps", property "n": the value has more digits than its column gives back`);
    const config = { ...sandbox.fresh(), on_invalid_record: 'quarantine' };
    const odd = ['{"id":1,"n":1}', '{"id":2,"n":NaN}', '{"id":3,"x":"\\ud800"}', '[4]', '{"id":5,"n":"x"}', '{"n":6}'];
    await writeFile(file, odd.join('\n'));
    await sandbox.load(config, lines(schema({ n: number }), batch([file]), record({ id: 7, n: 7 }), end));
    expect((await sandbox.rows(config, 'PUMPS', '"ID"')).map((row) => row['ID'])).toEqual(['1', '7']);
    const aside = await sandbox.rows(config, '_SDC_QUARANTINE', '"REASON"');
    expect(aside.map((row) => [row['LINE'], row['PROPERTY'], row['RECORD']])).toEqual([
      ['2', 'n', odd[1]],
      ['2', null, odd[2]],
      ['2', null, odd[3]],
      ['2', 'n', odd[4]],
      ['2', 'id', odd[5]],
    ]);
    // What does not parse says that the file is not whole.
    await writeFile(file, '{"id":1}\n{"id":2');
    expect(await refusal(config, lines(schema({}), batch([file]), end))).toMatch(`${at} is not valid JSON`);
  });

  it('belong to the version that is activated after them, whatever their compression is called', async () => {
    const config = sandbox.fresh();
    const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
    await writeFile(first, '{"id":1}\n{"id":2}\n');
    await writeFile(second, gzipSync('{"id":1}\n'));
    const unnamed = { ...batch([first]), encoding: { format: 'jsonl', compression: null } };
    const activate = pumps.activateVersion;
    await sandbox.load(config, lines(schema({}), unnamed, activate(1), end));
    const versioned = { ...record({ id: 3 }), version: 2 };
    await sandbox.load(config, lines(schema({}), versioned, { ...unnamed, manifest: [second] }, activate(2), end));
    const alive = (await sandbox.rows(config, 'PUMPS', '"ID"')).filter((row) => row['_SDC_DELETED_AT'] === null);
    expect(alive.map((row) => [row['ID'], row['_SDC_TABLE_VERSION']])).toEqual([
      ['1', '2'],
      ['3', '2'],
    ]);
    // A cut in between takes rows along whose version is not known: nothing is deleted then.
    const cutBetween = { ...config, batch_size_rows: 1 };
    const { code, stderr } = await runTarget({
      config: cutBetween,
      input: lines(schema({}), { ...unnamed, manifest: [second] }, { ...versioned, version: 3 }, activate(3), end),
    });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/ACTIVATE_VERSION of stream pumps is not obeyed/)]);
    const left = (await sandbox.rows(config, 'PUMPS')).filter((row) => row['_SDC_DELETED_AT'] === null);
    expect(left).toHaveLength(2);
  });

  it('are refused with the line when they are not there, or are folders, or somewhere else', async () => {
    const config = sandbox.fresh();
    const said = (address: string): Promise<string> => refusal(config, lines(schema({}), batch([address]), end));
    expect(await said(`file://${folder}/missing.jsonl`)).toMatch(
      /^line 2: BATCH of stream "pumps" names a file that does not exist/,
    );
    expect(await said(`file://${folder}`)).toMatch('names a folder, not a file');
    expect(await said('s3://bucket/a.jsonl')).toMatch('not on this machine');
  });
});
