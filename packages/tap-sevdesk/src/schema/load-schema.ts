import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonSchema } from '@singer-io-ts/sdk';

/** In the published package the schemas lie beside `dist`; in the repository they are shared with dbt at its root. */
const FOLDERS = ['../../schemas/', '../../../../schemas/sevdesk/'];

/** The JSON Schema of a stream, the contract between tap, warehouse and dbt. */
export function loadSchema(stream: string): JsonSchema {
  for (const folder of FOLDERS) {
    const path = fileURLToPath(new URL(`${folder}${stream}.json`, import.meta.url));
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as JsonSchema;
  }
  throw new Error(`the package is incomplete: there is no schema of stream "${stream}"`);
}
