import values from '../contract/values.json' with { type: 'json' };
import { expectRows } from '../report/answers.mjs';

/** A value of each type comes back from a table as it was written: no digit, no offset, no character is lost. */
export const typesAndValues = {
  name: 'types and values',
  async run({ account, schema, check }) {
    const session = await account.open({ suite: this.name, schema });
    for (const { type, values: pairs } of values.types) {
      await check(type, async () => {
        await session.ask(`CREATE OR REPLACE TEMPORARY TABLE KEPT (N NUMBER(38,0), V ${type})`);
        for (const [number, [literal]] of pairs.entries())
          await session.ask(`INSERT INTO KEPT SELECT ${number}, ${literal}`);
        expectRows(
          await session.ask('SELECT TO_VARCHAR(V) AS V FROM KEPT ORDER BY N'),
          pairs.map(([, text]) => [text]),
        );
      });
    }
  },
};
