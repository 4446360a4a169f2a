import examples from '../contract/documented-answers.json' with { type: 'json' };
import { Difference } from '../report/findings.mjs';
import { isSame } from '../report/answers.mjs';

/** Each example of Snowflake's documentation is answered as its page says. */
export const documentedAnswers = {
  name: 'documented answers',
  async run({ account, schema, check }) {
    const session = await account.open({ suite: this.name, schema });
    for (const { sql, row, unproven, page } of examples.examples) {
      await check(sql, async () => {
        const [expected] = row;
        // Dates and binaries as Snowflake writes them, not as the driver does.
        const shown = typeof expected === 'string' ? `(${sql})::VARCHAR` : sql;
        const [answer] = await session.ask(`SELECT ${shown} AS V`);
        if (!isSame(expected, answer?.V))
          throw new Difference({
            expected: `${JSON.stringify(expected)} (${unproven ? 'follows from' : 'shown on'} ${page})`,
            came: JSON.stringify(answer?.V),
          });
      });
    }
  },
};
