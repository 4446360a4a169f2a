/**
 * Faults at the boundaries where a wrong comparison loses rows, money or order. `npm run mutate` puts each into the source and expects the
 * nearest tests to fail.
 *
 * @typedef {object} Mutant
 * @property {string} area
 * @property {string} file
 * @property {string} find a text that stands once in the file
 * @property {string} replace
 * @property {string} tests the test file that must notice
 * @property {string} [only] the tests of it to run, by name
 * @property {string} [build] the package that must be compiled first, because its tests run its command
 */

const paging = 'packages/tap-sevdesk/src/sync/list-pass.ts';
const pagers = 'packages/sdk/src/rest/paginators.ts';
const window = 'packages/tap-sevdesk/src/sync/read-window.ts';
const slices = 'packages/tap-sevdesk/src/sync/time-slice.ts';
const progress = 'packages/sdk/src/state/incremental-progress.ts';
const rows = 'packages/target-snowflake-ts/src/sql/rows.ts';
const names = 'packages/snowflake-session/src/identifiers.ts';
const transaction = 'packages/target-snowflake-ts/src/load/transaction.ts';
const retry = 'packages/sdk/src/http/retry.ts';

const pagingTest = 'packages/tap-sevdesk/test/list-pass.test.ts';
const pagersTest = 'packages/sdk/src/rest/paginators.test.ts';
const windowTest = 'packages/tap-sevdesk/test/window.test.ts';
const progressTest = 'packages/sdk/src/tap/record-stream.test.ts';
const goldenTest = 'packages/target-snowflake-ts/src/sql/golden.test.ts';
const namesTest = 'packages/snowflake-session/src/identifiers.test.ts';
const retryTest = 'packages/sdk/src/http/http-client.test.ts';
const drill = {
  tests: 'packages/target-snowflake-ts/test/fault-drill.test.ts',
  only: 'keeps to the order that safety needs',
  build: 'packages/target-snowflake-ts',
};
const engineTest = 'packages/sdk/src/target/load-engine.test.ts';

/** @type {Mutant[]} */
export const mutants = [
  {
    area: 'paging',
    file: paging,
    find: 'if (anchor < 0 && !first) return undefined;',
    replace: '',
    tests: pagingTest,
  },
  {
    area: 'paging',
    file: paging,
    find: 'if (!this.#known.has(row.id)) {',
    replace: 'if (!this.#known.has(row.id) && i > anchor + 1) {',
    tests: pagingTest,
  },
  {
    area: 'paging',
    file: paging,
    find: 'if (length === 0 || (!isFull && !countsMore)) return;',
    replace: 'if (length === 0 || !isFull || !countsMore) return;',
    tests: pagingTest,
  },
  {
    area: 'paging',
    file: pagers,
    find: '? count < limit : offset >= total',
    replace: '? count < limit : offset > total',
    tests: pagersTest,
  },
  {
    area: 'paging',
    file: pagers,
    find: '!more : count < pageSize',
    replace: '!more : count <= pageSize',
    tests: pagersTest,
  },
  {
    area: 'state filtering',
    file: window,
    find: 'serverTime - context.lagSeconds',
    replace: 'serverTime',
    tests: windowTest,
  },
  {
    area: 'state filtering',
    file: window,
    find: '(windowUntil ?? completeUntil) - lookbackSeconds, until',
    replace: '(windowUntil ?? completeUntil), until',
    tests: windowTest,
  },
  {
    area: 'state filtering',
    file: window,
    find: 'bookmark.overlap.get(id) !== updated',
    replace: 'bookmark.overlap.get(id) === undefined',
    tests: windowTest,
  },
  {
    area: 'state filtering',
    file: slices,
    find: 'from = done.until + 1;',
    replace: 'from = done.until + 2;',
    tests: 'packages/tap-sevdesk/src/sync/time-slice.test.ts',
  },
  {
    area: 'state filtering',
    file: progress,
    find: 'compareReplicationValues(a, b) > 0 ? b : a',
    replace: 'compareReplicationValues(a, b) > 0 ? a : b',
    tests: progressTest,
  },
  {
    area: 'state filtering',
    file: progress,
    find: 'greatest(reached, this.since)',
    replace: 'reached',
    tests: progressTest,
  },
  {
    area: 'newer-row guard',
    file: rows,
    find: '${come} < ${there}`;',
    replace: '${come} <= ${there}`;',
    tests: goldenTest,
  },
  {
    area: 'newer-row guard',
    file: rows,
    find: '${there} IS NOT NULL AND ${come} IS NOT NULL AND ',
    replace: '',
    tests: goldenTest,
  },
  {
    area: 'newer-row guard',
    file: rows,
    find: '${key} DESC NULLS LAST',
    replace: '${key} DESC NULLS FIRST',
    tests: goldenTest,
  },
  {
    area: 'newer-row guard',
    file: rows,
    find: '${line} >= "L", 0, 1)',
    replace: '${line} > "L", 0, 1)',
    tests: goldenTest,
  },
  {
    area: 'newer-row guard',
    file: 'packages/target-snowflake-ts/src/sql/load.ts',
    find: '= GREATEST(COALESCE',
    replace: '= LEAST(COALESCE',
    tests: goldenTest,
  },
  {
    area: 'quoting',
    file: names,
    find: "name.replaceAll('\"', '\"\"')",
    replace: "name.replace('\"', '\"\"')",
    tests: namesTest,
  },
  { area: 'quoting', file: names, find: ".replaceAll('\\\\', '\\\\\\\\')", replace: '', tests: namesTest },
  {
    area: 'quoting',
    file: names,
    find: 'lengthOf(name) > MAX_IDENTIFIER_LENGTH',
    replace: 'lengthOf(name) >= MAX_IDENTIFIER_LENGTH',
    tests: namesTest,
  },
  {
    area: 'transaction order',
    file: transaction,
    find: '    await session.begin();\n',
    replace: '',
    ...drill,
  },
  {
    area: 'transaction order',
    file: transaction,
    find: '    const outcomes = await applyAll(ordered, options);\n',
    replace: '    await session.commit();\n    const outcomes = await applyAll(ordered, options);\n',
    ...drill,
  },
  {
    area: 'transaction order',
    file: 'packages/sdk/src/target/load-engine.ts',
    find: 'await target.commit(cut, ',
    replace: 'void target.commit(cut, ',
    tests: engineTest,
  },
  {
    area: 'transaction order',
    file: 'packages/sdk/src/target/load-engine.ts',
    find: 'if (!this.#failure) await this.#commit(cut);',
    replace: 'await this.#commit(cut);',
    tests: engineTest,
  },
  {
    area: 'retry',
    file: retry,
    find: ' || !error.retriable',
    replace: '',
    tests: retryTest,
  },
  {
    area: 'retry',
    file: retry,
    find: 'Math.min(asked + random() * policy.firstDelayMs, policy.maxRetryAfterMs)',
    replace: 'asked + random() * policy.firstDelayMs',
    tests: retryTest,
  },
  {
    area: 'retry',
    file: retry,
    find: 'retries: policy.maxRetries,',
    replace: 'retries: policy.maxRetries + 1,',
    tests: retryTest,
  },
];
