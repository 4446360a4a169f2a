import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../ci/run-tool.js';

const THEN = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-02T00:00:00Z');
const FOLDERS = ['.', 'my_models', 'my_models/staging', 'my_seeds', 'tests_python', 'target', 'logs'];

describe('what makes npm start build the models again', () => {
  let project: string;
  let dbtSourcesChangedAt: (project: string) => Promise<number>;
  let streamsThatModelsRead: () => string[];

  beforeAll(async () => {
    ({ dbtSourcesChangedAt, streamsThatModelsRead } = (await import(
      path.join(root, 'scripts/lib/dbt-sources.mjs')
    )) as {
      dbtSourcesChangedAt: typeof dbtSourcesChangedAt;
      streamsThatModelsRead: typeof streamsThatModelsRead;
    });
  });

  /** Changes a file at a later time. */
  const change = (file: string): void => {
    const full = path.join(project, file);
    writeFileSync(full, '');
    utimesSync(full, LATER, LATER);
  };

  beforeEach(() => {
    project = mkdtempSync(path.join(tmpdir(), 'dbt-sources-'));
    for (const folder of FOLDERS) mkdirSync(path.join(project, folder), { recursive: true });
    writeFileSync(
      path.join(project, 'dbt_project.yml'),
      "model-paths: ['my_models']\nseed-paths: ['my_seeds', 'not_there']\n",
    );
    utimesSync(path.join(project, 'dbt_project.yml'), THEN, THEN);
    for (const folder of FOLDERS) utimesSync(path.join(project, folder), THEN, THEN);
  });
  afterEach(() => rmSync(project, { recursive: true }));

  it.each([
    'README.md',
    'DECISIONLOG.md',
    'dbt-bouncer.yml',
    'tests_python/test_1.py',
    'target/run.sql',
    'logs/dbt.log',
    '.user.yml',
  ])('is not %s', async (file) => {
    change(file);
    expect(await dbtSourcesChangedAt(project)).toBe(THEN.getTime());
  });

  it('is not a note beside a model', async () => {
    change('my_models/staging/NOTES.md');
    utimesSync(path.join(project, 'my_models/staging'), THEN, THEN);
    expect(await dbtSourcesChangedAt(project)).toBe(THEN.getTime());
  });

  it.each(['profiles.yml', 'packages.yml', 'my_models/staging/_models.yml', 'my_models/a.sql', 'my_seeds/cities.csv'])(
    'is %s',
    async (file) => {
      change(file);
      for (const folder of FOLDERS) utimesSync(path.join(project, folder), THEN, THEN);
      expect(await dbtSourcesChangedAt(project)).toBe(LATER.getTime());
    },
  );

  it('is what a stream brought that a model reads, not one that none does', () => {
    const streams = streamsThatModelsRead();
    expect(streams).toEqual(expect.arrayContaining(['invoices', 'contacts', 'exchange_rates']));
    expect(streams).not.toContain('voucher_positions');
    expect(streams).not.toContain('load_ledger');
  });

  it('is a model that was removed', async () => {
    utimesSync(path.join(project, 'my_models/staging'), LATER, LATER);
    expect(await dbtSourcesChangedAt(project)).toBe(LATER.getTime());
  });
});
