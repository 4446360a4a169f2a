import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const MODELS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../dbt/models');

/** The columns that dbt promises for each table of ANALYTICS, in upper case, with their types. */
export async function readContract(): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const { models } = parse(await readFile(path.join(MODELS, 'analytics/_models.yml'), 'utf8')) as {
    models: { name: string; columns: { name: string; data_type: string }[] }[];
  };
  return new Map(
    models.map(({ name, columns }) => [
      name.toUpperCase(),
      new Map(columns.map((column) => [column.name.toUpperCase(), column.data_type])),
    ]),
  );
}

/** The tables that dbt's lineage says somebody outside of it reads. */
export async function readExposure(name: string): Promise<string[]> {
  const { exposures } = parse(await readFile(path.join(MODELS, 'exposures.yml'), 'utf8')) as {
    exposures: { name: string; depends_on: string[] }[];
  };
  const found = exposures.find((exposure) => exposure.name === name);
  return (found?.depends_on ?? []).map(
    (reference) => /ref\('(\w+)'\)/.exec(reference)?.[1]?.toUpperCase() ?? reference,
  );
}
