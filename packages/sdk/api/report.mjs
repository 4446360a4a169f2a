/**
 * `node packages/sdk/api/report.mjs`: compares what the SDK exports, as built, with the reports in this folder, and exits with 1
 * when they differ. `--update` writes the reports anew: do that, and say so in the changelog, when a change is meant.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const reports = import.meta.dirname;
const project = path.dirname(reports);
const update = process.argv.includes('--update');
const temporary = mkdtempSync(path.join(tmpdir(), 'api-report-'));

const entries = { sdk: 'index', cli: 'cli/index', http: 'http/index', testing: 'testing/index' };
const silent = { default: { logLevel: 'none' } };
const quiet = { 'ae-forgotten-export': { logLevel: 'none' }, 'ae-missing-release-tag': { logLevel: 'none' } };

const changed = Object.entries(entries).filter(([name, entry]) => {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: path.join(project, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: project,
      mainEntryPointFilePath: path.join(project, 'dist', `${entry}.d.ts`),
      compiler: { tsconfigFilePath: path.join(project, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: reports,
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: { ...silent, ...quiet },
        tsdocMessageReporting: silent,
      },
    },
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => (message.handled = true),
  });
  return apiReportChanged;
});

for (const [name] of changed) {
  process.stdout.write(`${name}.api.md ${update ? 'was written anew' : 'no longer says what is exported'}\n`);
  if (update) continue;
  const lines = (folder) => readFileSync(path.join(folder, `${name}.api.md`), 'utf8').split('\n');
  const [before, now] = [lines(reports), lines(temporary)];
  for (const line of before.filter((text) => !now.includes(text))) process.stdout.write(`- ${line}\n`);
  for (const line of now.filter((text) => !before.includes(text))) process.stdout.write(`+ ${line}\n`);
}
rmSync(temporary, { recursive: true });
if (changed.length > 0 && !update) {
  process.stdout.write('If that is meant: node packages/sdk/api/report.mjs --update\n');
  process.exitCode = 1;
}
