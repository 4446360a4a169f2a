import { LockConflictError } from '@singer-io-ts/snowflake-session';
import { Difference } from '../report/findings.mjs';
import { expectEqual, expectRows } from '../report/answers.mjs';

const INSERT_SEVEN = (whose) =>
  `MERGE INTO LOCKED t USING (SELECT 7 AS ID) s ON t.ID = s.ID WHEN NOT MATCHED THEN INSERT (ID, V) VALUES (s.ID, '${whose}')`;

/** Two sessions on one table: who waits for whom, and what each sees then. */
export const locks = {
  name: 'locks',
  async run({ account, schema, check }) {
    const one = await account.open({ suite: this.name, schema });
    // Gives up soon: this session is the one that has to wait.
    const two = await account.open({ suite: this.name, schema, settings: { lock_timeout_seconds: 3 } });
    const fresh = async () => {
      for (const session of [one, two]) await session.ask('ROLLBACK');
      await one.ask("CREATE OR REPLACE TABLE LOCKED AS SELECT 1 AS ID, 'a' AS V");
    };
    await check('a transaction sees nothing of another that is open, and all of it after COMMIT', async () => {
      await fresh();
      await one.ask('BEGIN');
      await one.ask("INSERT INTO LOCKED VALUES (2, 'b')");
      expectRows(await two.ask('SELECT COUNT(*) AS N FROM LOCKED'), [[1]]);
      await one.ask('COMMIT');
      expectRows(await two.ask('SELECT COUNT(*) AS N FROM LOCKED'), [[2]]);
    });
    for (const change of [
      "UPDATE LOCKED SET V = 'c'",
      'DELETE FROM LOCKED',
      INSERT_SEVEN('two').replace('WHEN NOT', "WHEN MATCHED THEN UPDATE SET V = 'c' WHEN NOT"),
    ]) {
      await check(
        `UPDATE holds the table until its transaction ends: ${change.split(' ', 1)[0]} of another waits`,
        async () => {
          await fresh();
          await one.ask('BEGIN');
          await one.ask("UPDATE LOCKED SET V = 'held'");
          const refused = await two.ask(change).catch((error) => error);
          if (!(refused instanceof LockConflictError))
            throw new Difference({
              expected: 'a lock conflict after LOCK_TIMEOUT',
              came: refused.message ?? 'an answer',
            });
        },
      );
    }
    await check('INSERT waits for nobody', async () => {
      await fresh();
      await one.ask('BEGIN');
      await one.ask("UPDATE LOCKED SET V = 'held'");
      await two.ask("INSERT INTO LOCKED VALUES (3, 'c')");
      await one.ask('COMMIT');
      expectRows(await one.ask('SELECT ID, V FROM LOCKED ORDER BY ID'), [
        [1, 'held'],
        [3, 'c'],
      ]);
    });
    // The target looks after each MERGE whether a key stands twice, because no page says that this cannot happen.
    await check('two MERGEs that insert the same new key side by side leave it once', async () => {
      await fresh();
      await two.ask('ALTER SESSION SET LOCK_TIMEOUT = 60');
      await one.ask('BEGIN');
      await one.ask(INSERT_SEVEN('one'));
      const second = two.ask(INSERT_SEVEN('two'));
      await one.ask('SELECT COUNT(*) AS N FROM LOCKED');
      await one.ask('COMMIT');
      await second;
      const [row] = await one.ask('SELECT COUNT(*) AS N FROM LOCKED WHERE ID = 7');
      expectEqual(row.N, '1', { harmless: true });
    });
  },
};
