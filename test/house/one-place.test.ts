import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root, runCommand } from '../ci/run-tool.js';

// Facts that were kept in several places drifted apart. Each has one now, and a second is noticed here.
describe('what stands in one place', () => {
  let files: { file: string; text: string }[];

  beforeAll(async () => {
    const listed = await runCommand('git', [
      'ls-files',
      '--cached',
      '--others',
      '--exclude-standard',
      '*.ts',
      '*.mjs',
      '*.js',
    ]);
    files = listed
      .split('\n')
      .filter(
        (file) =>
          /^(packages|dashboard|local|scripts|bench|examples|test)\//.test(file) && !file.includes('/templates/'),
      )
      .filter((file) => existsSync(path.join(root, file)))
      .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
  });

  /** The files with a match, tests left out unless they are asked for. */
  const filesWith = (pattern: RegExp, { tests = false, within = /^/ } = {}): string[] =>
    files
      .filter(({ file }) => within.test(file) && (tests || !/\.test\.ts$|\/test\//.test(file)))
      .filter(({ text }) => pattern.test(text))
      .map(({ file }) => file);

  it("is the import of Snowflake's driver, for tests too", () => {
    const imports = /(?:from|import\(|require\()\s*['"]snowflake-sdk['"]/;
    expect(filesWith(imports, { tests: true })).toEqual(['packages/snowflake-session/src/driver.ts']);
  });

  it("are Snowflake's codes", () => {
    const code = /['"`\s](?:39\d{4}|00[0-3]\d{3}|09[01]\d{3}|1000\d{2})['"`\s]/;
    expect(filesWith(code, { within: /^(packages|dashboard|scripts)\// })).toEqual([
      'packages/snowflake-session/src/codes.ts',
    ]);
  });

  it('is the start of what a benchmark starts, so that a signal ends it, too', () => {
    expect(filesWith(/from 'node:child_process'/, { within: /^bench\// })).toEqual([]);
    const runs = filesWith(/^/, { within: /^bench\/\w+\/run\.mjs$/ });
    expect(filesWith(/^(?:endOnSignals\(\)|await main\()/m, { within: /^bench\/\w+\/run\.mjs$/ })).toEqual(runs);
  });

  it('is the quoting of identifiers', () => {
    const doubled = /replace(?:All)?\((?:'"'|\/"\/g), '""'\)/;
    expect(filesWith(doubled, { within: /^packages\/(?:target|snowflake)/ })).toEqual([
      'packages/snowflake-session/src/identifiers.ts',
    ]);
  });

  it('is retrying', () => {
    const retries = /from 'p-retry'|function (?:withRetry|backoff)\b/i;
    expect(filesWith(retries, { within: /^packages\// })).toEqual(['packages/sdk/src/http/retry.ts']);
  });

  it('is doing things side by side, bounded', () => {
    const workers = /Promise\.all\(\s*Array(?:\.from)?\(/;
    expect(filesWith(workers, { within: /^packages\// })).toEqual([
      'packages/sdk/src/concurrency/for-each-concurrently.ts',
    ]);
  });

  it('are the settings: nothing but a schema lists them, and types are inferred', () => {
    const listed = /interface (?:\w*Config|\w*Settings) \{[^}]*\b(?:api_key|account|page_size|load_method)\b/;
    expect(filesWith(listed, { within: /^packages\/(?:tap|target|snowflake)/ })).toEqual([]);
  });
});
