import refusals from '../contract/refusals.json' with { type: 'json' };
import { Difference } from '../report/findings.mjs';

/** What Snowflake's documentation says is refused, is. A code that is not the documented one is told, and changes nothing here. */
export const documentedRefusals = {
  name: 'documented refusals',
  async run({ account, schema, check }) {
    const session = await account.open({ suite: this.name, schema });
    for (const sql of refusals.setup) await session.ask(sql);
    for (const { sql, code, page } of refusals.refusals) {
      await check(sql, async () => {
        const came = await session.refusalOf(sql);
        if (came === undefined) throw new Difference({ expected: `a refusal (${page})`, came: 'an answer' });
        if (code !== undefined && came !== code)
          throw new Difference({ expected: `code ${code}`, came: `code ${came}`, harmless: true });
      });
    }
  },
};
