/**
 * `node scripts/set-up-sql.mjs --loader FILE --transformer FILE --reporter FILE --dashboard FILE --address IP… > set-up.filled.sql`: prints
 * deploy/snowflake/set-up.sql with your public keys (PEM files) and the addresses of your hosts, to be run as ACCOUNTADMIN.
 */
import { readFileSync } from 'node:fs';
import { readArguments, refuseArguments } from './lib/arguments.mjs';
import { filledSetUp, KEY_HOLDERS } from './lib/set-up-sql.mjs';

const USAGE = `usage: node scripts/set-up-sql.mjs ${KEY_HOLDERS.map((name) => `--${name} FILE`).join(' ')} --address IP [--address IP …]

Prints deploy/snowflake/set-up.sql with your public keys and addresses filled in. Save it, read it, and run it as ACCOUNTADMIN.

${KEY_HOLDERS.map((name) => `  --${name.padEnd(14)} the public key of that user, a PEM file such as ${name}.pub`).join('\n')}
  --address        an address that your hosts connect from, such as 203.0.113.7; may be repeated
`;

const { values } = readArguments(USAGE, {
  ...Object.fromEntries(KEY_HOLDERS.map((name) => [name, { type: 'string' }])),
  address: { type: 'string', multiple: true, default: [] },
});
const missing = KEY_HOLDERS.filter((name) => !values[name]).map((name) => `--${name} FILE`);
if (values.address.length === 0) missing.push('--address IP');
if (missing.length > 0) refuseArguments(USAGE, `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`);

/** The text of a key's file. */
function read(name) {
  try {
    return readFileSync(values[name], 'utf8');
  } catch (error) {
    return refuseArguments(
      USAGE,
      error.code === 'ENOENT' ? `--${name}: there is no file ${values[name]}` : `--${name}: ${error.message}`,
    );
  }
}

const keys = Object.fromEntries(KEY_HOLDERS.map((name) => [name, read(name)]));
try {
  process.stdout.write(filledSetUp({ keys, addresses: values.address }));
} catch (error) {
  refuseArguments(USAGE, error.message);
}
