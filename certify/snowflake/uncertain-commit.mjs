import { Difference } from '../report/findings.mjs';
import { expectRows } from '../report/answers.mjs';

/** How a COMMIT whose answer was lost is settled: by the transaction's id, from another session, then by the ledger. */
export const uncertainCommit = {
  name: 'uncertain COMMIT',
  async run({ account, schema, check }) {
    const loader = await account.open({ suite: this.name, schema });
    const judge = await account.open({ suite: this.name, schema });
    await loader.ask('CREATE TABLE LEDGER (RUN_ID VARCHAR, CUT NUMBER(38,0))');
    const stateOf = async (id) => {
      const [row] = await judge.ask(`DESCRIBE TRANSACTION ${id}`, { varies: true });
      const state = Object.entries(row ?? {}).find(([name]) => name.toLowerCase() === 'state')?.[1];
      return String(state).toLowerCase();
    };
    const entries = (cut) => judge.ask(`SELECT COUNT(*) AS N FROM LEDGER WHERE RUN_ID = 'run' AND CUT = ${cut}`);
    const begin = async (cut) => {
      await loader.ask('BEGIN');
      const [{ ID: id }] = await loader.ask('SELECT CURRENT_TRANSACTION() AS ID', { varies: true });
      if (!/^\d+$/.test(id ?? '')) throw new Difference({ expected: 'an id of digits', came: String(id) });
      await loader.ask(`INSERT INTO LEDGER SELECT 'run', ${cut}`);
      return id;
    };
    await check('a committed transaction says so to another session, and so does the ledger', async () => {
      const id = await begin(1);
      expectState(await stateOf(id), /^running$/);
      await loader.ask('COMMIT');
      expectState(await stateOf(id), /^committed$/);
      expectRows(await entries(1), [[1]]);
    });
    await check('a rolled back transaction says so, and the ledger has no entry', async () => {
      const id = await begin(2);
      await loader.ask('ROLLBACK');
      expectState(await stateOf(id), /rolled|abort/);
      expectRows(await entries(2), [[0]]);
    });
    await check('a transaction that was left open can be ended from another session', async () => {
      const id = await begin(3);
      await judge.ask(`SELECT SYSTEM$ABORT_TRANSACTION(${id}) AS ENDED`, { varies: true });
      expectState(await stateOf(id), /rolled|abort/);
      expectRows(await entries(3), [[0]]);
      await loader.ask('ROLLBACK');
    });
  },
};

function expectState(came, expected) {
  if (!expected.test(came)) throw new Difference({ expected: `state ${expected.source}`, came: `state ${came}` });
}
