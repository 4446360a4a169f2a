import type { Row, Session } from '@singer-io-ts/snowflake-session';
import { copyShared } from './copy-shared.js';

const table = { database: 'DB', schema: 'RAW', table: '_SDC_LOAD_R_SHARED_0' };
const file = { path: '/spool/000009.jsonl.gz', bytes: 1, lineBytes: 9 };

/** What copying a file of three rows comes to, when Snowflake answers so. */
const copied = (answer: Row[]): Promise<void> => {
  const session = { run: () => Promise.resolve(answer) } as unknown as Session;
  return copyShared(table, file, { session, location: '@ST/1', compression: 'GZIP', rows: 3 });
};
const answer = (more: Row): Row[] => [{ status: 'LOADED', rows_loaded: '3', errors_seen: '0', ...more }];

it('takes exactly the rows that were written', async () => {
  await expect(copied(answer({}))).resolves.toBeUndefined();
  await expect(copied(answer({ rows_loaded: '2' }))).rejects.toThrow('COPY loaded 2 rows of 3');
});

it('takes no file for loaded that is not, or not without an error', async () => {
  for (const bad of [[], answer({ status: 'LOAD_SKIPPED' }), answer({ errors_seen: '1' })])
    await expect(copied(bad)).rejects.toThrow(/COPY loaded \d of 1 files/);
});
