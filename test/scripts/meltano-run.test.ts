import path from 'node:path';
import { root } from '../ci/run-tool.js';

interface MeltanoRun {
  take(line: string): void;
  onProgress(listener: (message: string) => void): void;
  total(plugin: string): number;
  streams(plugin: string): number;
  readonly whatFailed: string;
}

// What `npm start` tells of a Meltano run, from lines as Meltano 4.4 logs them.
describe('what Meltano’s log says of a run', () => {
  let begin: () => MeltanoRun;
  beforeAll(async () => {
    const module = (await import(path.join(root, 'scripts/lib/meltano-run.mjs'))) as {
      MeltanoRun: new () => MeltanoRun;
    };
    begin = () => new module.MeltanoRun();
  });

  const entry = (fields: object): string =>
    JSON.stringify({ level: 'info', timestamp: '2026-11-01T10:00:00Z', ...fields });
  const dbt = (...lines: string[]): string[] =>
    lines.map((line) =>
      entry({ cmd_type: 'command', name: 'dbt-snowflake', stdio: 'stderr', event: `10:00:00  ${line}` }),
    );
  const loader = (event: string, level = 'info'): string => entry({ string_id: 'target-snowflake-ts', event, level });
  const ended = (err: string): string => entry({ event: 'Block run completed', level: 'error', err });
  const told = (lines: string[]): string => {
    const run = begin();
    for (const line of lines) run.take(line);
    return run.whatFailed;
  };

  it('names each dbt node that failed, its file and dbt’s message, once, and nothing of the loader', () => {
    const lines = [
      loader('stream invoices: 3000 records loaded (3000 new, 0 changed)'),
      ...dbt(
        '1 of 2 START sql table model ANALYTICS.totals .... [RUN]',
        'Completed with 2 errors, 0 partial successes, and 1 warning:',
        '',
      ),
      ...dbt('Failure in model totals (models/analytics/totals.sql)', ''),
      ...dbt(
        'Database Error in model totals (models/analytics/totals.sql)',
        '  002003 (42S02): SQL compilation error:',
        "  Object 'NOWHERE' does not exist",
        '',
      ),
      ...dbt('Failure in test sums_agree (tests/sums_agree.sql)', '  Got 3 results, configured to fail if != 0', ''),
      ...dbt('Warning in test old_rows (tests/old_rows.sql)', 'Got 25 results, configured to warn if != 0', ''),
      ...dbt('Done. PASS=93 WARN=1 ERROR=2 SKIP=15 NO-OP=0 TOTAL=110'),
      ended('`dbt-snowflake build` failed with exit code: 1'),
    ];
    expect(told(lines)).toBe(
      [
        'dbt: database error in model totals, dbt/models/analytics/totals.sql',
        '  002003 (42S02): SQL compilation error:',
        "  Object 'NOWHERE' does not exist",
        'dbt: failure in test sums_agree, dbt/tests/sums_agree.sql',
        '  Got 3 results, configured to fail if != 0',
      ].join('\n'),
    );
  });

  it('says why dbt stopped before it built anything', () => {
    const lines = [
      ...dbt(
        'Running with dbt=1.11.16',
        'Encountered an error:',
        'Compilation Error',
        "  Model 'model.x' depends on a node named 'y' which was not found",
      ),
      ended('`dbt-snowflake build` failed with exit code: 2'),
    ];
    expect(told(lines)).toContain("depends on a node named 'y'");
  });

  it('tells every error that a plugin logged, once', () => {
    const lines = [
      loader('signing in was refused', 'error'),
      loader('signing in was refused', 'error'),
      ended('Loader failed'),
    ];
    expect(told(lines)).toBe('target-snowflake-ts: signing in was refused');
  });

  it('tells the last words of a plugin that logs no levels', () => {
    const lines = [
      loader('17 rows loaded'),
      entry({ string_id: 'tap-other', event: 'Traceback: no such host' }),
      ended('tap-other failed'),
    ];
    expect(told(lines)).toBe('tap-other failed\nTraceback: no such host');
  });

  it('shows records and streams while loading, models and tests while building', () => {
    const run = begin();
    const seen: string[] = [];
    run.onProgress((message) => seen.push(message));
    for (const [stream, value] of [
      ['contacts', 40],
      ['invoices', 200],
      ['invoices', 100],
    ])
      run.take(
        entry({
          string_id: 'tap-sevdesk',
          event: '',
          metric_info: { metric: 'record_count', value, tags: { stream } },
        }),
      );
    for (const line of dbt(
      '3 of 110 START sql table model ANALYTICS.totals .... [RUN]',
      '4 of 110 START test sums_agree .... [RUN]',
    ))
      run.take(line);
    expect(seen).toEqual([
      'tap-sevdesk: 40 records, now contacts',
      'tap-sevdesk: 240 records, now invoices',
      'tap-sevdesk: 340 records, now invoices',
      'dbt: table 3 of 110',
      'dbt: test 4 of 110',
    ]);
    expect([run.total('tap-sevdesk'), run.streams('tap-sevdesk')]).toEqual([340, 2]);
  });
});
