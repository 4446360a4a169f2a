import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, failure } from '../../../test/support/local-snowflake.js';
import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const server = useLocalSnowflake({ args: ['--detached-seconds', '2'] });
const sf = server.session(SEVDESK_RAW);
const other = server.session(SEVDESK_RAW);

beforeEach(async () => {
  await sf.query('ROLLBACK');
  await sf.query('CREATE OR REPLACE TABLE T (ID NUMBER(38,0), V VARCHAR)');
  await sf.query("INSERT INTO T VALUES (1, 'a')");
});

const ids = async (client = sf) => (await client.query('SELECT ID FROM T ORDER BY ID')).map((row) => row['ID']);
it('keeps nothing of a rolled back transaction and shows nothing of an open one to others', async () => {
  await sf.query('BEGIN');
  await sf.query("INSERT INTO T VALUES (2, 'b')");
  await sf.query('DELETE FROM T WHERE ID = 1');
  expect(await ids()).toEqual([2]);
  expect(await ids(other)).toEqual([1]);
  await sf.query('ROLLBACK');
  expect(await ids()).toEqual([1]);
});

it('undoes a failed statement only: the transaction goes on and commits the others', async () => {
  await sf.query('BEGIN');
  await sf.query("INSERT INTO T VALUES (2, 'b')");
  const failures = [
    ['SELECT * FROM NO_SUCH_TABLE', '002003'],
    ['SELEC 1', '001003'],
    ["INSERT INTO T SELECT 'x', 'cast'", '100038'],
    ["INSERT INTO T SELECT COLUMN1, 'c' FROM VALUES (3), (1/0)", '100051'],
    ["SELECT 'x'::NUMBER", '100038'],
    [
      'MERGE INTO T USING (SELECT 1 ID, COLUMN1 V FROM VALUES (1), (2)) s ON T.ID = s.ID WHEN MATCHED THEN UPDATE SET V = s.V',
      '100090',
    ],
  ] as const;
  for (const [sql, code] of failures) expect((await failure(sf.query(sql)))?.code).toBe(code);
  await sf.query("INSERT INTO T VALUES (4, 'd')");
  expect(await ids()).toEqual([1, 2, 4]);
  await sf.query('COMMIT');
  expect(await ids(other)).toEqual([1, 2, 4]);
});

it('aborts the whole transaction at an error under TRANSACTION_ABORT_ON_ERROR', async () => {
  const strict = await connect(server, { database: 'SEVDESK', schema: 'RAW' });
  await strict.query('ALTER SESSION SET TRANSACTION_ABORT_ON_ERROR = TRUE');
  await strict.query('BEGIN');
  await strict.query("INSERT INTO T VALUES (2, 'b')");
  await failure(strict.query("SELECT 'x'::NUMBER"));
  expect(await failure(strict.query("INSERT INTO T VALUES (3, 'c')"))).toMatchObject({
    message: expect.stringContaining('aborted'),
  });
  await strict.query('ROLLBACK');
  await strict.query("INSERT INTO T VALUES (5, 'e')");
  expect(await ids()).toEqual([1, 5]);
  await strict.close();
});

it('commits what is open before DDL', async () => {
  await sf.query('BEGIN');
  await sf.query("INSERT INTO T VALUES (2, 'b')");
  await sf.query('CREATE OR REPLACE TABLE U (A NUMBER)');
  await sf.query('ROLLBACK');
  expect(await ids(other)).toEqual([1, 2]);
});

it('takes BEGIN in a transaction and COMMIT or ROLLBACK without one as nothing', async () => {
  for (const sql of ['BEGIN TRANSACTION', 'BEGIN', 'COMMIT', 'COMMIT', 'ROLLBACK']) await sf.query(sql);
  expect(await ids()).toEqual([1]);
});

it('opens a transaction by itself with AUTOCOMMIT off', async () => {
  await sf.query('ALTER SESSION SET AUTOCOMMIT = FALSE');
  await sf.query("INSERT INTO T VALUES (2, 'b')");
  expect(await ids(other)).toEqual([1]);
  await sf.query('ROLLBACK');
  await sf.query('ALTER SESSION SET AUTOCOMMIT = TRUE');
  expect(await ids()).toEqual([1]);
});

it('writes several databases in one transaction', async () => {
  await sf.query('CREATE DATABASE IF NOT EXISTS SECOND');
  await sf.query('CREATE OR REPLACE TABLE SECOND.PUBLIC.T (ID NUMBER)');
  await sf.query('USE SCHEMA SEVDESK.RAW');
  await sf.query('BEGIN');
  await sf.query("INSERT INTO T VALUES (2, 'b')");
  await sf.query('INSERT INTO SECOND.PUBLIC.T VALUES (2)');
  await sf.query('COMMIT');
  expect(await ids(other)).toEqual([1, 2]);
  expect(await other.query('SELECT ID FROM SECOND.PUBLIC.T')).toEqual([{ ID: 2 }]);
});

it('lets a second writer of a table wait for the first, and sees its rows then', async () => {
  await sf.query('BEGIN');
  await sf.query(
    "MERGE INTO T USING (SELECT 7 ID) s ON T.ID = s.ID WHEN NOT MATCHED THEN INSERT (ID, V) VALUES (s.ID, 'first')",
  );
  let done = false;
  const second = other
    .query(
      "MERGE INTO T USING (SELECT 7 ID) s ON T.ID = s.ID WHEN MATCHED THEN UPDATE SET V = 'second' WHEN NOT MATCHED THEN INSERT (ID) VALUES (s.ID)",
    )
    .then((rows) => ((done = true), rows));
  await sf.query("INSERT INTO T VALUES (8, 'meanwhile')");
  expect(done).toBe(false);
  await sf.query('COMMIT');
  expect(await second).toEqual([{ 'number of rows inserted': 0, 'number of rows updated': 1 }]);
  expect(await ids()).toEqual([1, 7, 8]);
});

it('reads in each statement of a transaction what others have committed before it, whatever was written already', async () => {
  await sf.query('CREATE OR REPLACE TABLE SIDE (ID NUMBER)');
  await sf.query('BEGIN');
  await sf.query('INSERT INTO SIDE VALUES (1)');
  await other.query("INSERT INTO T VALUES (2, 'meanwhile')");
  expect(await ids()).toEqual([1, 2]);
  await other.query('DELETE FROM T WHERE ID = 1');
  await sf.query(
    'MERGE INTO T USING (SELECT COLUMN1 ID FROM VALUES (1), (2)) s ON T.ID = s.ID WHEN NOT MATCHED THEN INSERT (ID) VALUES (s.ID)',
  );
  await sf.query('COMMIT');
  expect(await ids(other)).toEqual([1, 2]);
  expect(await other.query('SELECT COUNT(*) N FROM SIDE')).toEqual([{ N: 1 }]);
});

it('gives up waiting after LOCK_TIMEOUT, and at once where two would wait for each other', async () => {
  await sf.query('CREATE OR REPLACE TABLE L1 AS SELECT 1 A');
  await sf.query('CREATE OR REPLACE TABLE L2 AS SELECT 1 A');
  await other.query('ALTER SESSION SET LOCK_TIMEOUT = 1');
  await sf.query('BEGIN');
  await sf.query('UPDATE L1 SET A = 2');
  expect(await failure(other.query('UPDATE L1 SET A = 3'))).toMatchObject({ code: '000625' });
  await other.query('ALTER SESSION UNSET LOCK_TIMEOUT');
  await other.query('BEGIN');
  await other.query('UPDATE L2 SET A = 3');
  // Which of the two statements arrives last, and loses, is up to the network.
  const updates = [
    { client: sf, update: sf.query('UPDATE L2 SET A = 2') },
    { client: other, update: other.query('UPDATE L1 SET A = 3') },
  ];
  const refused = updates.map(async (one) => ({ ...one, error: await failure(one.update) }));
  const loser = await Promise.race(refused);
  expect(loser.error).toMatchObject({ code: '000625', sqlState: '40001' });
  await loser.client.query('ROLLBACK');
  const winner = updates.find(({ client }) => client !== loser.client)!;
  expect(await winner.update).toMatchObject([{ 'number of rows updated': 1 }]);
  await winner.client.query('ROLLBACK');
});

it('runs twenty concurrent inserts and merges of two sessions without losing one', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      (i % 2 ? sf : other).query(
        `MERGE INTO T USING (SELECT ${100 + (i % 5)} ID) s ON T.ID = s.ID WHEN NOT MATCHED THEN INSERT (ID) VALUES (s.ID)`,
      ),
    ),
  );
  expect(await ids()).toEqual([1, 100, 101, 102, 103, 104]);
});

it('rolls back the transaction of a client that was killed, so that its locks are free', async () => {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { loadDriver } = await import('@singer-io-ts/snowflake-session/driver');
       const c = (await loadDriver()).createConnection({ account: 'local', username: 'local', password: 'local', accessUrl: '${server.url}', host: '${server.host}', port: ${server.port}, protocol: 'http', database: 'SEVDESK', schema: 'RAW' });
       const run = (sqlText) => new Promise((done) => c.execute({ sqlText, complete: done }));
       c.connect(async () => { await run('BEGIN'); await run('UPDATE T SET ID = ID + 1000'); console.log('locked'); setInterval(() => {}, 1000); });`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  const waiting = sf.query('UPDATE T SET ID = ID + 1');
  child.kill('SIGKILL');
  await waiting;
  expect(await ids()).toEqual([2]);
});

it('runs a repeated request once', async () => {
  const login = (await (
    await fetch(`${server.url}/session/v1/login-request`, {
      method: 'POST',
      body: JSON.stringify({ data: { LOGIN_NAME: 'local', PASSWORD: 'local' } }),
    })
  ).json()) as { data: { token: string } };
  const send = async () => {
    const answer = await fetch(`${server.url}/queries/v1/query-request?requestId=8f7b`, {
      method: 'POST',
      headers: { authorization: `Snowflake Token="${login.data.token}"` },
      body: JSON.stringify({ sqlText: 'INSERT INTO SEVDESK.RAW.T (ID) VALUES (9)' }),
    });
    return (await answer.json()) as { success: boolean; data: { queryId: string } };
  };
  const [first, second] = await Promise.all([send(), send()]);
  expect(first.success && second.data.queryId).toBe(first.data.queryId);
  expect(await ids()).toEqual([1, 9]);
});

it('gives each transaction an id and says how it ended, also to other sessions', async () => {
  expect(await sf.query('SELECT CURRENT_TRANSACTION() AS ID')).toEqual([{ ID: null }]);
  const ends = ['COMMIT', 'ROLLBACK'] as const;
  for (const end of ends) {
    await sf.query('BEGIN');
    const [row] = await sf.query('SELECT CURRENT_TRANSACTION() AS ID');
    const id = String(row?.['ID']);
    expect(await sf.query('SHOW TRANSACTIONS')).toEqual([
      expect.objectContaining({ id: expect.anything(), state: 'running' }),
    ]);
    expect(await other.query(`DESCRIBE TRANSACTION ${id}`)).toEqual([expect.objectContaining({ state: 'running' })]);
    await sf.query("INSERT INTO T VALUES (2, 'b')");
    await sf.query(end);
    expect(await other.query(`DESC TRANSACTION ${id}`)).toEqual([
      expect.objectContaining({ state: end === 'COMMIT' ? 'committed' : 'rolled back' }),
    ]);
    expect(await sf.query('SELECT LAST_TRANSACTION() AS ID')).toEqual([{ ID: id }]);
  }
  expect(await failure(other.query('DESCRIBE TRANSACTION 42'))).toMatchObject({ code: '002003' });
});

it("ends another session's transaction by its id", async () => {
  await sf.query('BEGIN');
  await sf.query("UPDATE T SET V = 'b'");
  const [row] = await sf.query('SELECT CURRENT_TRANSACTION() AS ID');
  expect(await other.query('SHOW LOCKS IN ACCOUNT')).toEqual([
    expect.objectContaining({ resource: 'SEVDESK.RAW.T', type: 'PARTITIONS', status: 'HOLDING' }),
  ]);
  await other.query(`SELECT SYSTEM$ABORT_TRANSACTION(${String(row?.['ID'])})`);
  expect(await other.query('SHOW LOCKS')).toEqual([]);
  await other.query("UPDATE T SET V = 'c'");
  await sf.query('COMMIT');
  expect(await sf.query('SELECT V FROM T')).toEqual([{ V: 'c' }]);
});

it('locks the table for UPDATE, DELETE and MERGE, not for INSERT', async () => {
  await sf.query('BEGIN');
  await sf.query("INSERT INTO T VALUES (2, 'b')");
  await other.query("INSERT INTO T VALUES (3, 'c')");
  await other.query("UPDATE T SET V = 'z' WHERE ID = 1");
  await sf.query('ROLLBACK');
  await other.query('ALTER SESSION SET LOCK_TIMEOUT = 1');
  const merge = 'MERGE INTO T USING (SELECT 1 AS ID) s ON T.ID = s.ID WHEN MATCHED THEN DELETE';
  for (const change of ["UPDATE T SET V = 'y' WHERE ID = 1", 'DELETE FROM T WHERE ID = 3', merge]) {
    await sf.query('BEGIN');
    await sf.query(change);
    await other.query("INSERT INTO T VALUES (9, 'i')");
    expect(await failure(other.query('DELETE FROM T WHERE ID = 9'))).toMatchObject({ code: '000625' });
    await sf.query('ROLLBACK');
  }
  await other.query('ALTER SESSION UNSET LOCK_TIMEOUT');
});

it('lets twenty statements wait for a lock and refuses the next', async () => {
  const waiting = await Promise.all(
    Array.from({ length: 20 }, () => connect(server, { database: 'SEVDESK', schema: 'RAW' })),
  );
  await sf.query('BEGIN');
  await sf.query("UPDATE T SET V = 'held'");
  const updates = waiting.map((client, index) => client.query(`UPDATE T SET V = 'w${String(index)}'`));
  while ((await sf.query('SHOW LOCKS')).filter((lock) => lock['status'] === 'WAITING').length < 20)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await failure(other.query("UPDATE T SET V = 'one too many'"))).toMatchObject({ code: '000625' });
  await sf.query('COMMIT');
  await Promise.all(updates);
  await Promise.all(waiting.map((client) => client.close()));
});
