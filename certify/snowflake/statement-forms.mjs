import forms from '../contract/statement-forms.json' with { type: 'json' };
import { expectRows } from '../report/answers.mjs';
import { Difference } from '../report/findings.mjs';

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
      const refused = await session.askTogether(tables.map((table) => `CREATE TABLE IF NOT EXISTS ${table}`)).then(
        () => false,
        () => true,
      );
      if (!refused) throw new Difference({ expected: 'a refusal', came: 'an answer' });
      const made =
        "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE STARTSWITH(TABLE_NAME, 'TOGETHER') ORDER BY 1";
      expectRows(await session.ask(made), [['TOGETHER_1']]);
    });
  },
};
