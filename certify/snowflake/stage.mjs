import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Difference } from '../report/findings.mjs';
import { expectRows } from '../report/answers.mjs';

const LINES = [
  { n: 1, r: { id: 1, amount: 19.99, name: 'Zürich 😀', tags: ['a', null] } },
  { n: 2, r: { id: 2, amount: null, name: null } },
];
/** Written by hand: JSON.stringify would cut the number's digits. */
const LONG = '{"n":3,"r":{"id":3,"amount":12345678901234567890.12,"name":"long"}}';
const FORMAT = 'FILE_FORMAT = (TYPE = JSON COMPRESSION = GZIP ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT';
const COPY = `COPY INTO STAGED FROM (SELECT $1['n']::NUMBER(38,0), $1['r']['amount']::NUMBER(38,2), $1['r']['name']::VARCHAR, $1['r'] FROM '@FILES/1') FILES = ('lines.jsonl.gz') ${FORMAT}`;

/** A file that is uploaded as the target does it arrives whole, is read once by COPY, and can be removed. */
export const stage = {
  name: 'stage',
  async run({ account, schema, check }) {
    const session = await account.open({ suite: this.name, schema });
    const folder = await mkdtemp(path.join(tmpdir(), 'certify-'));
    try {
      await session.ask('CREATE TEMPORARY STAGE FILES');
      await session.ask('CREATE TEMPORARY TABLE STAGED (N NUMBER(38,0), AMOUNT NUMBER(38,2), NAME VARCHAR, R VARIANT)');
      const file = path.join(folder, 'lines.jsonl.gz');
      await writeFile(file, gzipSync([...LINES.map((line) => JSON.stringify(line)), LONG, ''].join('\n')));
      await check('PUT reports the file as uploaded, with its size', async () =>
        session.upload({
          pattern: file,
          bytes: new Map([[path.basename(file), (await stat(file)).size]]),
          location: '@FILES/1',
          compression: 'GZIP',
        }),
      );
      await check('LIST shows it', async () => {
        const files = await session.ask('LIST @FILES', { varies: true });
        if (files.length !== 1) throw new Difference({ expected: 'one file', came: `${files.length} files` });
      });
      await check('COPY says how many rows it loaded', async () => {
        const [result] = await session.ask(COPY, { varies: true });
        const { status, rows_loaded: loaded } = result ?? {};
        if (status !== 'LOADED' || loaded !== '3')
          throw new Difference({ expected: 'LOADED, 3 rows', came: `${status}, ${loaded} rows` });
      });
      await check('every value is as it stood in the file', async () =>
        expectRows(await session.ask('SELECT N, AMOUNT, NAME, R:tags AS TAGS FROM STAGED ORDER BY N'), [
          [1, 19.99, 'Zürich 😀', ['a', null]],
          [2, null, null, null],
          [3, '12345678901234567890.12', 'long', null],
        ]),
      );
      await check('REMOVE empties the stage', async () => {
        await session.ask('REMOVE @FILES/1', { varies: true });
        const files = await session.ask('LIST @FILES', { varies: true });
        if (files.length > 0) throw new Difference({ expected: 'no file', came: `${files.length} files` });
      });
      await check('COPY of a file that is not there fails', async () => {
        if ((await session.refusalOf(COPY)) === undefined)
          throw new Difference({ expected: 'a refusal', came: 'an answer' });
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
