/** What signing in to an account cannot do without. */
const NEEDED = ['SNOWFLAKE_ACCOUNT', 'SNOWFLAKE_WAREHOUSE'];

/** A line for each variable that is missing. */
export const accountProblems = (env) =>
  NEEDED.filter((variable) => !env[variable]).map(
    (variable) => `${variable} is not set: fill in .env (see .env.example)`,
  );
