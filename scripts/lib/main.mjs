import { CommandError } from './run.mjs';

/** Runs the body of a script; an error ends it with one clear line (and what the failed command printed), exit code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (error instanceof CommandError) process.stderr.write(error.output);
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    if (process.env['DEBUG']) process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  }
}
