const OWN = 'CERTIFY_SNOWFLAKE_';
/** Ways to sign in: whoever names one of their own does not want the other's. */
const CREDENTIALS = ['PASSWORD', 'PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'PRIVATE_KEY_PASSPHRASE', 'TOKEN', 'AUTHENTICATOR'];

/**
 * The environment with the settings of one user in the place of `SNOWFLAKE_*`: `<prefix>ROLE` as `SNOWFLAKE_ROLE`, and so on.
 *
 * @param {Record<string, string | undefined>} env
 * @param {string} prefix as `CERTIFY_SNOWFLAKE_`
 */
export function environmentOf(env, prefix) {
  const own = Object.entries(env).filter(([name, value]) => name.startsWith(prefix) && value);
  const named = new Map(own.map(([name, value]) => [name.slice(prefix.length), value]));
  const result = { ...env };
  if (CREDENTIALS.some((name) => named.has(name))) for (const name of CREDENTIALS) delete result[`SNOWFLAKE_${name}`];
  for (const [name, value] of named) result[`SNOWFLAKE_${name}`] = value;
  return result;
}

/** The environment of the user that certifies: `CERTIFY_SNOWFLAKE_*` over `SNOWFLAKE_*`. */
export const certifierOf = (env) => environmentOf(env, OWN);
