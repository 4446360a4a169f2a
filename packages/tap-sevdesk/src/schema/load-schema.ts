import { readFileSync } from 'node:fs';
import type { JsonSchema } from '@singer-io-ts/sdk';

/** In the published package the schemas lie beside `dist`; in the repository they are shared with dbt at its root. */
const FOLDERS = ['../../schemas/', '../../../../schemas/sevdesk/'];

/** The JSON Schema of a stream, the contract between tap, warehouse and dbt. */
export function loadSchema(stream: string): JsonSchema {
  for (const folder of FOLDERS) {
    const text = readIfThere(new URL(`${folder}${stream}.json`, import.meta.url));
    if (text !== undefined) return JSON.parse(text) as JsonSchema;
  }
  throw new Error(`the package is incomplete: there is no schema of stream "${stream}"`);
}

function readIfThere(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
