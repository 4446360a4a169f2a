import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { inRoot } from './paths.mjs';

/** The users of set-up.sql whose keys have to be put in. */
export const KEY_HOLDERS = ['loader', 'transformer', 'reporter', 'dashboard'];

const ADDRESS = '<address of your host>';

/** A public key as ALTER USER takes it. Throws, saying what is wrong with the file. */
function keyText(name, pem) {
  const refuse = (what) => new Error(`the public key of the ${name} ${what}; make one: openssl rsa -in key.p8 -pubout`);
  if (/PRIVATE KEY/.test(pem)) throw refuse('is a private key, which must not leave its machine');
  let key;
  try {
    key = createPublicKey(pem);
  } catch {
    throw refuse('is not a public key in PEM form');
  }
  if (key.asymmetricKeyType !== 'rsa' || key.asymmetricKeyDetails.modulusLength < 2048)
    throw refuse('is not an RSA key of 2048 bits or more');
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

function addressText(address) {
  const [host, bits = '32', ...rest] = address.split('/');
  const isNetwork = /^\d{1,2}$/.test(bits) && Number(bits) <= 32 && rest.length === 0;
  if (!isIPv4(host) || !isNetwork)
    throw new Error(`${address} is not an IPv4 address or network such as 203.0.113.7 or 203.0.113.0/24`);
  return `'${address}'`;
}

/**
 * deploy/snowflake/set-up.sql with keys and addresses in place of what stands in angle brackets.
 *
 * @param {{ keys: Record<string, string>, addresses: string[] }} values public keys in PEM form, by who signs in with them
 * @throws when one is missing or cannot be what it is to be, or when anything in angle brackets is left
 */
export function filledSetUp({ keys, addresses }) {
  let sql = readFileSync(inRoot('deploy/snowflake/set-up.sql'), 'utf8');
  for (const name of KEY_HOLDERS) {
    if (!keys[name]) throw new Error(`the public key of the ${name} is missing: --${name} FILE`);
    sql = sql.replaceAll(`<public key of the ${name}>`, keyText(name, keys[name]));
  }
  if (addresses.length === 0) throw new Error('where the machines sign in from is missing: --address 203.0.113.7');
  sql = sql.replace(`'${ADDRESS}'`, addresses.map(addressText).join(', '));
  const left = /^[^-\n]*(<[^>\n]+>)/m.exec(sql.replaceAll(/--.*$/gm, ''))?.[1];
  if (left) throw new Error(`deploy/snowflake/set-up.sql still has ${left} to be filled in`);
  return sql;
}

/** The statements of a script without its comments, which hold no semicolon in quotes. */
export const statementsOf = (sql) =>
  sql
    .replaceAll(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
