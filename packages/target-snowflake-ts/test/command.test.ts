import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { state } from './support/messages.js';
import { people, peopleIn, person } from './support/people.js';
import { runTarget } from './support/run-target.js';
import { useSandbox } from './support/sandbox.js';

// What a user sets and sees: settings, sign-in, hooks, stages, dry runs, errors.

const sandbox = useSandbox();

describe('sign-in', () => {
  it('takes a key pair from a file, as PEM, base64 and DER, encrypted or not', async () => {
    const passphrase = 'open sesame';
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    await sandbox.query(`ALTER USER local SET RSA_PUBLIC_KEY='${der}'`);
    const folder = mkdtempSync(path.join(tmpdir(), 'keys-'));
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
    writeFileSync(path.join(folder, 'key.pem'), pem);
    writeFileSync(path.join(folder, 'key.der'), privateKey.export({ type: 'pkcs8', format: 'der' }));
    const { password: _password, ...config } = sandbox.fresh();
    const ways = [
      { private_key_path: path.join(folder, 'key.pem') },
      { private_key_path: path.join(folder, 'key.der') },
      { private_key: pem.replaceAll('\n', '\\n') },
      { private_key: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64') },
      { private_key: encrypted, private_key_passphrase: passphrase },
    ];
    for (const [index, way] of ways.entries())
      await sandbox.load({ ...config, ...way }, [people.schema(), person(index, 'signed in')]);
    expect(await sandbox.rows(config, 'PEOPLE')).toHaveLength(ways.length);
    const wrong = await runTarget({
      config: { ...config, private_key: encrypted, private_key_passphrase: 'wrong' },
      input: [people.schema(), person(1, 'x')],
    });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(
      '"private_key_passphrase" (environment variable TARGET_SNOWFLAKE_TS_PRIVATE_KEY_PASSPHRASE) does not open the private key',
    );
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const refused = await runTarget({
      config: { ...config, private_key: other },
      input: [people.schema(), person(1, 'x')],
    });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('refused sign-in by key pair');
    for (const { stderr } of [wrong, refused]) expect(stderr).not.toMatch(/PRIVATE KEY-----|MII|\n\s+at /);
    rmSync(folder, { recursive: true });
  });
});

describe('hooks, stages and dry runs', () => {
  it('runs pre_load_sql and post_load_sql with the names filled in', async () => {
    const config = sandbox.fresh();
    const log = sandbox.table(config, 'LOG');
    await sandbox.load(
      {
        ...config,
        pre_load_sql: [
          `CREATE TABLE IF NOT EXISTS ${log} ("WHAT" VARCHAR)`,
          `INSERT INTO ${log} SELECT 'before ' || {stream} || COUNT(*) FROM {table}`,
        ],
        post_load_sql: `INSERT INTO ${log} SELECT 'after ' || {stream} || COUNT(*) FROM {table}`,
      },
      [people.schema(), person(1, 'a'), person(2, 'b')],
    );
    expect((await sandbox.rows(config, 'LOG', '"WHAT" DESC')).map(({ WHAT }) => WHAT)).toEqual([
      'before people0',
      'after people2',
    ]);
  });

  it("loads through the user's stage and a named one, and leaves no file there", async () => {
    const config = sandbox.fresh();
    const named = `TESTS.${config.default_target_schema}.OWN`;
    await sandbox.query(`CREATE SCHEMA ${sandbox.schema(config)}`);
    await sandbox.query(`CREATE STAGE ${named}`);
    for (const [index, stage] of ['user', named].entries())
      await sandbox.load({ ...config, stage }, [people.schema(), person(index, stage)]);
    expect(await sandbox.rows(config, 'PEOPLE')).toHaveLength(2);
    expect(await sandbox.query(`LIST @${named}`)).toEqual([]);
    expect(await sandbox.query('LIST @~')).toEqual([]);
  });

  it('prints the SQL of a dry run, changes nothing and writes no STATE', async () => {
    const config = sandbox.fresh();
    const { stdout, code, states } = await runTarget({
      config,
      input: [people.schema(), person(1, 'a'), state({ n: 1 })],
      args: ['--dry-run'],
    });
    expect({ code, states }).toEqual({ code: 0, states: [] });
    for (const statement of ['CREATE TABLE IF NOT EXISTS', 'PUT ', 'COPY INTO', 'BEGIN', 'MERGE INTO', 'COMMIT'])
      expect(stdout).toContain(statement);
    await expect(sandbox.tables(config)).rejects.toThrow(/does not exist/);
  });
});

describe('the command', () => {
  it('takes settings from the environment and messages from a gzip file', async () => {
    const config = sandbox.fresh();
    const folder = mkdtempSync(path.join(tmpdir(), 'input-'));
    const file = path.join(folder, 'out.singer.gz');
    const messages = [people.schema(), person(1, 'from a file'), state({ n: 1 })];
    writeFileSync(file, gzipSync(messages.map((message) => `${JSON.stringify(message)}\n`).join('')));
    const env = Object.fromEntries(
      Object.entries(config).map(([name, value]) => [`TARGET_SNOWFLAKE_TS_${name.toUpperCase()}`, String(value)]),
    );
    const outcome = await runTarget({ config: {}, input: '', args: ['--config', 'ENV', '--input', file], env });
    expect(outcome).toMatchObject({ code: 0, states: [{ n: 1 }] });
    expect(await peopleIn(sandbox, config)).toEqual(['1:from a file']);
    rmSync(folder, { recursive: true });
  });

  it.each<[string, object, number, RegExp]>([
    ['a missing setting', { account: undefined }, 2, /setting "account" is missing; .* TARGET_SNOWFLAKE_TS_ACCOUNT/],
    ['nothing to sign in with', { password: undefined }, 2, /nothing to sign in with: set private_key_path/],
    ['an unknown setting', { pasword: 'x' }, 2, /unknown setting "pasword" in \S+; did you mean "password"\?/],
    ['a wrong password', { password: 'wrong' }, 3, /refused sign-in by password \(code 390100\)/],
    [
      'an unreachable host',
      { port: 1 },
      1,
      /cannot be reached \(ECONNREFUSED\); check setting "host" \(environment variable TARGET_SNOWFLAKE_TS_HOST\)/,
    ],
    [
      'days that a transient table does not keep',
      { transient: true, data_retention_days: 2 },
      2,
      /setting "data_retention_days" is 2 for stream people, whose table is transient/,
    ],
    ['a database that is not there', { database: 'NOWHERE' }, 1, /check database, schema, warehouse and role/],
    [
      'an ingestion method that is not there',
      { ingestion_method: 'snowpipe_streaming' },
      2,
      /"ingestion_method": snowpipe_streaming is not there/,
    ],
    ['a spool folder that PUT would take for a pattern', { spool_directory: '/tmp/a*b' }, 2, /"spool_directory"/],
    [
      'a spool folder that cannot be written',
      { spool_directory: '/proc/nowhere' },
      2,
      /cannot create a folder in \/proc\/nowhere/,
    ],
  ])('says in one line about %s', async (_what, change, code, message) => {
    const outcome = await runTarget({
      config: { ...sandbox.fresh(), ...change },
      input: [people.schema(), person(1, 'a'), state({})],
    });
    const errors = outcome.stderr.split('\n').filter((text) => text.includes('ERROR'));
    expect([outcome.code, outcome.states, errors]).toEqual([code, [], [expect.stringMatching(message)]]);
    expect(outcome.stderr).not.toMatch(/\n\s+at |wrong"/);
  });
});
