/**
 * `node scripts/set-up-sql.mjs --loader FILE --transformer FILE --reporter FILE --dashboard FILE --address IP… > set-up.filled.sql`: prints
 * deploy/snowflake/set-up.sql with your public keys (PEM files) and the addresses of your hosts, to be run as ACCOUNTADMIN.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { filledSetUp, KEY_HOLDERS } from './lib/set-up-sql.mjs';

const USAGE = `usage: node scripts/set-up-sql.mjs ${KEY_HOLDERS.map((name) => `--${name} FILE`).join(' ')} --address IP [--address IP …]\n`;

try {
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(KEY_HOLDERS.map((name) => [name, { type: 'string' }])),
      address: { type: 'string', multiple: true, default: [] },
    },
  });
  const given = KEY_HOLDERS.filter((name) => values[name]);
  const keys = Object.fromEntries(given.map((name) => [name, readFileSync(values[name], 'utf8')]));
  process.stdout.write(filledSetUp({ keys, addresses: values.address }));
} catch (error) {
  process.stderr.write(`set-up-sql: ${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
