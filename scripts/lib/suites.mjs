import { existsSync, readFileSync } from 'node:fs';
import { envBin } from './python-env.mjs';
import { inRoot } from './paths.mjs';

/**
 * A suite of tests: what it needs, how it is run, and where it leaves its counts.
 *
 * @typedef {object} Suite
 * @property {string} name as in `npm test -- <name>`
 * @property {string[]} environments Python environments that must be there first
 * @property {(report: string) => { command: string, args: string[], env?: Record<string, string> }} run
 *   `report` is the path of the file it is to leave
 * @property {(report: string, exitCode: number) => Counts} count
 * @property {string} [lane] suites that follow each other and have lanes run side by side, those of one lane in their order:
 *   they write no folder of another lane, and their servers listen on free ports
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/** A suite that is one check: it passed or it failed. */
const single = (_report, exitCode) => ({ passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 });

/** A suite that died before it could report counts as one failure. */
const died = (exitCode) => ({ passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 });

function jestCounts(report, exitCode) {
  if (!existsSync(report)) return died(exitCode);
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  // A failure outside of any test (an open handle, a bad option) must not look like success.
  return {
    passed: result.numPassedTests,
    failed: failed || (exitCode === 0 ? 0 : 1),
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function junitCounts(report, exitCode) {
  if (!existsSync(report)) return died(exitCode);
  const total = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const [tag] of readFileSync(report, 'utf8').matchAll(/<testsuite\s[^>]*>/g)) {
    for (const key of Object.keys(total)) total[key] += Number(new RegExp(`\\s${key}="(\\d+)"`).exec(tag)?.[1] ?? 0);
  }
  const failed = total.failures + total.errors;
  return {
    passed: total.tests - failed - total.skipped,
    failed: failed || (exitCode === 0 ? 0 : 1),
    skipped: total.skipped,
  };
}

const pytest = (name, environment, folder, env = {}) => ({
  name,
  environments: [environment],
  run: (report) => ({
    command: envBin(environment, 'python'),
    args: ['-m', 'pytest', '-q', folder, '-p', 'no:cacheprovider', `--junitxml=${report}`],
    env: { PYTHONDONTWRITEBYTECODE: '1', ...env },
  }),
  count: junitCounts,
});

/** Environments of the embedded platform. */
const PLATFORM = ['local-snowflake', 'meltano', 'dbt'];

const jest = (name, environments, selection) => ({
  name,
  environments,
  run: (report) => ({
    command: process.execPath,
    args: [
      '--experimental-vm-modules',
      '--no-warnings',
      inRoot('node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${report}`,
      ...selection,
    ],
  }),
  count: jestCounts,
});

/** dbt's own tests count beside those that pytest runs around them: `DBT_RUN_RESULTS` is where the suite leaves dbt's results. */
function dbtCounts(report, exitCode) {
  const counts = junitCounts(report, exitCode);
  const results = `${report}.dbt.json`;
  if (!existsSync(results)) return counts;
  for (const { unique_id: id, status } of JSON.parse(readFileSync(results, 'utf8')).results) {
    if (!/^(?:unit_)?test\./.test(id)) continue;
    if (status === 'pass' || status === 'warn') counts.passed += 1;
    else if (status === 'skipped') counts.skipped += 1;
    else counts.failed += 1;
  }
  return counts;
}

const CONTRACT = '/contract/';
const WORKFLOWS = 'test/ci/workflows';

/** @type {Suite[]} */
export const suites = [
  {
    name: 'lint',
    environments: ['lint'],
    run: () => ({ command: process.execPath, args: [inRoot('scripts/lint.mjs')] }),
    count: single,
  },
  jest('contract', PLATFORM, ['--testPathPatterns', CONTRACT]),
  jest(
    'jest',
    [
      ...PLATFORM,
      'orchestration',
      'singer-sdk',
      'singer-tools',
      'target-jsonl',
      'target-duckdb',
      'peer-tap',
      'peer-tap-postgres',
      'sevdesk-client',
    ],
    ['--testPathIgnorePatterns', '/node_modules/', '/dist/', CONTRACT, WORKFLOWS],
  ),
  {
    ...pytest('dbt', 'dbt-checks', 'dbt/tests_python'),
    lane: 'dbt',
    environments: [...PLATFORM, 'dbt-checks'],
    run: (report) => {
      const suite = pytest('dbt', 'dbt-checks', 'dbt/tests_python').run(report);
      return { ...suite, env: { ...suite.env, DBT_RUN_RESULTS: `${report}.dbt.json` } };
    },
    count: dbtCounts,
  },
  { ...pytest('looker', 'looker', 'looker/tests'), environments: [...PLATFORM, 'looker'], lane: 'dbt' },
  {
    ...pytest('orchestration', 'orchestration', 'orchestration/tests'),
    environments: [...PLATFORM, 'orchestration'],
    lane: 'orchestration',
  },
  jest('workflows', ['workflows'], ['--testPathPatterns', WORKFLOWS]),
];
