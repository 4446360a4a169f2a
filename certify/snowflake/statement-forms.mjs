import forms from '../contract/statement-forms.json' with { type: 'json' };
import { expectRows } from '../report/answers.mjs';
import { Difference } from '../report/findings.mjs';

async function expectRefusal(asked) {
  const refused = await asked.then(
    () => false,
    () => true,
  );
  if (!refused) throw new Difference({ expected: 'a refusal', came: 'an answer' });
}

/** Each form of statement that dbt, dashboard, Looker and doctor send is answered, in the order in which they build on each other. */
export const statementForms = {
  name: 'statement forms',
  async run({ account, schema, check }) {
    const session = await account.open({ suite: this.name, schema });
    for (const { part, sql, rows, binds } of forms.statements) {
      await check(`${part}: ${sql}`, async () => {
        const answer = await session.ask(sql, { varies: rows === undefined, ...(binds && { binds }) });
        if (rows !== undefined) expectRows(answer, rows);
      });
    }
    await check('target: several CREATE TABLE in one request, up to the one that is refused', async () => {
      const tables = ['TOGETHER_1 (X NUMBER(38,0))', 'TOGETHER_2 (X NO_SUCH_TYPE)', 'TOGETHER_3 (X NUMBER(38,0))'];
      await expectRefusal(session.askTogether(tables.map((table) => `CREATE TABLE IF NOT EXISTS ${table}`)));
      const made =
        "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE STARTSWITH(TABLE_NAME, 'TOGETHER') ORDER BY 1";
      expectRows(await session.ask(made), [['TOGETHER_1']]);
    });
    await check('target: several MERGE in one request of a transaction, with an answer to each', async () => {
      const merge = (table, rows) =>
        `MERGE INTO ${table} t USING (SELECT * FROM VALUES ${rows}) s (X) ON t.X = s.X WHEN MATCHED THEN UPDATE SET X = s.X WHEN NOT MATCHED THEN INSERT (X) VALUES (s.X)`;
      await session.ask('CREATE OR REPLACE TABLE MERGED_1 (X NUMBER(38,0))');
      await session.ask('CREATE OR REPLACE TABLE MERGED_2 (X NUMBER(38,0))');
      await session.ask('BEGIN');
      const answers = await session.askTogether([
        merge('MERGED_1', '(1), (2)'),
        merge('MERGED_2', '(1)'),
        merge('MERGED_1', '(2), (3), (4), (5)'),
      ]);
      expectRows(answers.flat(), [
        ['2', '0'],
        ['1', '0'],
        ['3', '1'],
      ]);
      await expectRefusal(session.askTogether([merge('MERGED_2', '(7)'), merge('MERGED_0', '(1)')]));
      await session.ask('ROLLBACK');
      expectRows(await session.ask('SELECT (SELECT COUNT(*) FROM MERGED_1), (SELECT COUNT(*) FROM MERGED_2)'), [
        ['0', '0'],
      ]);
    });
  },
};
