import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('target-snowflake-ts/package.json') as { version: string };

/** This package's version. */
export const VERSION: string = version;
