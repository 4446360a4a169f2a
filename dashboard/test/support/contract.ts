import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const CONTRACT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../../dbt/models/analytics/_models.yml',
);

/** The columns that dbt promises for each table of ANALYTICS, in upper case, with their types. */
export async function readContract(): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const { models } = parse(await readFile(CONTRACT, 'utf8')) as {
    models: { name: string; columns: { name: string; data_type: string }[] }[];
  };
  return new Map(
    models.map(({ name, columns }) => [
      name.toUpperCase(),
      new Map(columns.map((column) => [column.name.toUpperCase(), column.data_type])),
    ]),
  );
}
