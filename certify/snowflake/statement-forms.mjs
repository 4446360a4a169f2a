import forms from '../contract/statement-forms.json' with { type: 'json' };
import { expectRows } from '../report/answers.mjs';

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
  },
};
