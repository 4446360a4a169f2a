import { readFileSync } from 'node:fs';
import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

interface Example {
  /** Where the answer stands. */
  page: string;
  /** An expression. */
  sql: string;
  /** Its value: a JSON value where it is a VARIANT, OBJECT or ARRAY. */
  row: [unknown];
  /** No page shows the answer; it follows from what the page says. */
  unproven?: boolean;
}

const file = new URL('../../../certify/contract/documented-answers.json', import.meta.url);
const { examples } = JSON.parse(readFileSync(file, 'utf8')) as { examples: Example[] };

const server = useLocalSnowflake();
const sf = server.session(SEVDESK_RAW);

it.each(examples.map(({ page, sql, row: [value] }) => ({ name: page.split('/').at(-1), sql, value })))(
  '$name: $sql',
  async ({ sql, value }) => {
    const shown = typeof value === 'string' ? `(${sql})::VARCHAR` : sql;
    const [row] = await sf.query(`SELECT ${shown} AS V`);
    expect(row?.['V'] ?? null).toEqual(value);
  },
);
