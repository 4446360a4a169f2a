import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { changesOf, messagesFrom, newestOrders, type Change } from './order-changes.js';
import { runTarget, type Outcome, type RunOptions, type Settings } from './run-target.js';
import type { Sandbox } from './sandbox.js';
import type { Fault, Wire } from './wire.js';

/** A run that meets harm on its way. */
interface Harm {
  /** Which changes the source has. */
  seed: number;
  faults?: (kill: (signal: NodeJS.Signals) => void) => Fault[];
  run?: Partial<RunOptions>;
  settings?: Settings;
  /** The tap's output from a change on. @default records */
  messages?: typeof messagesFrom;
}

/** What a run with harm was and how it ended. */
export interface Drilled {
  /** Settings of the same schema without the harm. */
  config: Settings;
  changes: Change[];
  outcome: Outcome;
  /** Runs again from the last STATE, without harm; the tables equal the source then. */
  expectHealed: () => Promise<void>;
}

/** Loads changes of orders while something goes wrong, and compares the tables with the source. */
export interface Drill {
  /** The folder in which the target keeps its files. */
  spool: string;
  /** The files and folders in it. */
  left(): string[];
  /** Runs the target once, with harm; every row that a STATE speaks for is in then. */
  run(harm: Harm): Promise<Drilled>;
  /** What the tables hold: the orders by id, the log's numbers in order. */
  loaded(config: Settings): Promise<{ orders: Change[]; log: number[] }>;
}

/** Gives the test file that calls it a drill with a spool folder of its own. */
export function useDrill(sandbox: Sandbox, wire: Wire): Drill {
  const drill: Drill = {
    spool: '',
    left: () => readdirSync(drill.spool),
    run: async ({ seed, faults, run = {}, settings = {}, messages = messagesFrom }) => {
      const changes = changesOf(seed);
      const config = { ...sandbox.fresh(), batch_size_rows: 22, spool_directory: drill.spool, ...settings };
      let child: ChildProcess | undefined;
      wire.reset();
      wire.faults = faults?.((signal) => void child?.kill(signal)) ?? [];
      const outcome = await runTarget({
        config: wire.through(config),
        input: messages(changes),
        ...run,
        onStart: (started) => (child = started),
      });
      wire.faults = [];
      await expectClaimKept(config, changes, outcome);
      return { config, changes, outcome, expectHealed: () => expectHealed(config, { changes, outcome, messages }) };
    },
    loaded: async (config) => {
      const tables = await sandbox.tables(config).catch((): string[] => []);
      const rows = async (table: string, key: string) =>
        tables.includes(table) ? sandbox.rows(config, table, `"${key}"`) : [];
      return {
        orders: (await rows('ORDERS', 'ID')).map((row) => ({
          seq: Number(row['SEQ']),
          id: Number(row['ID']),
          changed: Number(row['CHANGED']),
        })),
        log: (await rows('LOG', 'SEQ')).map((row) => Number(row['SEQ'])),
      };
    },
  };

  /** Every row that the last STATE speaks for is in. */
  async function expectClaimKept(config: Settings, changes: readonly Change[], outcome: Outcome): Promise<void> {
    const spokenFor = changes.slice(0, lastState(outcome));
    const { orders, log } = await drill.loaded(config);
    expect(spokenFor.filter(({ seq }) => !log.includes(seq))).toEqual([]);
    for (const { id, changed } of newestOrders(spokenFor))
      expect(orders.find((row) => row.id === id)?.changed).toBeGreaterThanOrEqual(changed);
  }

  async function expectHealed(
    config: Settings,
    { changes, outcome, messages }: Pick<Drilled, 'changes' | 'outcome'> & Required<Pick<Harm, 'messages'>>,
  ): Promise<void> {
    const from = lastState(outcome);
    const again = await sandbox.load(config, messages(changes, from));
    expect(lastState(again)).toBe(changes.length);
    const { orders, log } = await drill.loaded(config);
    expect(orders).toEqual(newestOrders(changes));
    expect([...new Set(log)]).toEqual(changes.map(({ seq }) => seq));
    // A stream without a key is loaded at least once: twice at most what no STATE spoke for.
    expect(log.filter((seq, index) => log.indexOf(seq) !== index && seq < from)).toEqual([]);
  }

  beforeAll(() => {
    drill.spool = mkdtempSync(path.join(tmpdir(), 'drill-'));
  });
  afterAll(() => rmSync(drill.spool, { recursive: true }));
  return drill;
}

/** How many changes the last STATE of a run speaks for. */
export const lastState = ({ states }: Outcome): number => (states.at(-1) as { next: number } | undefined)?.next ?? 0;
