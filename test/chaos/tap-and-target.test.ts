import { Wire, type Fault } from '../../packages/target-snowflake-ts/test/support/wire.js';
import { connect, startLocalSnowflake, type LocalSnowflake } from '../support/local-snowflake.js';
import { startLocalSevdesk, type LocalSevdesk } from '../support/local-sevdesk.js';
import { catalogOf, startPipe, until, type Pipe, type PipeOutcome } from './pipe.js';

// Whatever happens to tap, target, source and warehouse, and whichever state the next run gets: after two quiet runs each table equals its source.

/** A stream, where its records come from, and which of their values are compared. */
const STREAMS = [
  { stream: 'invoices', model: 'Invoice', fields: ['sumGross', 'status'] },
  { stream: 'contacts', model: 'Contact', fields: ['customerNumber'] },
  { stream: 'tags', model: 'Tag', fields: ['name'] },
  { stream: 'parts', model: 'Part', fields: ['name'] },
];

/** The same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/** Everything that a seed's drill runs on. */
class Drill {
  readonly #catalog = catalogOf(STREAMS.map(({ stream }) => stream));
  #states: unknown[] = [];
  #snowflake!: LocalSnowflake;
  #sevdesk!: LocalSevdesk;
  readonly #wire = new Wire();
  readonly #pick: (below: number) => number;

  constructor(seed: number) {
    this.#pick = random(seed);
  }

  async open(): Promise<void> {
    this.#sevdesk = await startLocalSevdesk({ invoices: 30, seed: 1 + this.#pick(1000) });
    this.#snowflake = await startLocalSnowflake({ args: ['--detached-seconds', '1'] });
    await this.#wire.open(this.#snowflake);
  }

  async close(): Promise<void> {
    await this.#wire.close();
    await Promise.allSettled([this.#sevdesk.stop(), this.#snowflake.stop()]);
  }

  /** One round: the source has changed since the last one, and something goes wrong. */
  async round(harm: keyof Drill & `harm${string}`): Promise<void> {
    await this.#sevdesk.admin('POST', '/edit-random', { count: 1 + this.#pick(8), seed: this.#pick(1e6) });
    await this.#sevdesk.admin('PUT', '/clock', { advanceSeconds: 3600 * (1 + this.#pick(30)) });
    await this[harm]();
    this.#wire.faults = [];
    await this.#sevdesk.heal();
  }

  /** The source fails, stalls half-way and gives answers that are cut. */
  async harmSource(): Promise<void> {
    await this.#sevdesk.fail(
      { kind: 'reset', probability: 0.2, seed: this.#pick(1e6), times: 3 },
      { kind: 'cut', probability: 0.2, seed: this.#pick(1e6), times: 3 },
      { kind: 'status', status: 503, probability: 0.2, seed: this.#pick(1e6), times: 3 },
    );
    await this.#run();
  }

  /** Statements are done and their answers lost: once with the connection, so that the driver asks again, once with the session. */
  async harmLostAnswers(): Promise<void> {
    const verbs = [/^COPY/, /^MERGE/, /^INSERT/, /^SELECT 'none'/];
    await this.#run([
      { match: verbs[this.#pick(verbs.length)]!, nth: 1 + this.#pick(3), point: 'after', answer: 'nothing' },
      { match: /^COMMIT/, point: 'after', answer: { code: '390111' } },
    ]);
  }

  /** The session ends in the middle of the transaction. */
  async harmLostSession(): Promise<void> {
    await this.#run([{ match: /^MERGE/, nth: 1 + this.#pick(3), answer: { code: '390111' } }]);
  }

  async harmKilledTarget(): Promise<void> {
    const verbs = [/^COPY/, /^MERGE/, /^COMMIT/, /^INSERT/];
    const fault: Fault = { match: verbs[this.#pick(verbs.length)]!, nth: 1, answer: 'nothing' };
    const point = this.#pick(2) === 0 ? 'before' : 'after';
    await this.#run([], (pipe) => [{ ...fault, point, act: () => pipe.target.kill('SIGKILL') }]);
  }

  async harmKilledTap(): Promise<void> {
    await this.#sevdesk.fail({ kind: 'delay', ms: 300, after: 2 + this.#pick(4) });
    const pipe = this.#start();
    await new Promise((resolve) => pipe.tap.stdout!.once('data', resolve));
    pipe.tap.kill('SIGKILL');
    this.#keep(await pipe.done);
  }

  /** A run is stopped with its transaction open, another one comes and goes, and the first goes on. */
  async harmZombie(): Promise<void> {
    let stopped = false;
    let ended = false;
    const pipe = this.#start();
    this.#wire.faults = [
      {
        match: /^SELECT CURRENT_TRANSACTION/,
        answer: 'true',
        act: () => {
          pipe.target.kill('SIGSTOP');
          stopped = true;
        },
      },
    ];
    const outcome = pipe.done.finally(() => (ended = true));
    await until(() => stopped || ended);
    await this.#sevdesk.admin('POST', '/edit-random', { count: 5, seed: this.#pick(1e6) });
    await this.#sevdesk.admin('PUT', '/clock', { advanceSeconds: 7200 });
    await this.#run();
    pipe.target.kill('SIGCONT');
    // The scheduler has given the stopped run up: what it says later is not kept.
    await outcome;
  }

  async harmTwins(): Promise<void> {
    const twins = [this.#start(), this.#start()];
    for (const outcome of await Promise.all(twins.map(({ done }) => done))) this.#keep(outcome);
  }

  async harmLostState(): Promise<void> {
    this.#states = [];
    await this.#run();
  }

  async harmOldState(): Promise<void> {
    this.#states = this.#states.slice(0, 1 + this.#pick(this.#states.length));
    await this.#run();
  }

  /** The warehouse ends in the middle of a load and comes back. */
  async harmRestartedWarehouse(): Promise<void> {
    let restarted: Promise<void> | undefined;
    const restart = async (): Promise<void> => {
      await this.#snowflake.kill();
      const { port, dataDir } = this.#snowflake;
      this.#snowflake = await startLocalSnowflake({ port, dataDir, args: ['--detached-seconds', '1'] });
    };
    const match = [/^COPY/, /^MERGE/, /^COMMIT/][this.#pick(3)]!;
    await this.#run([{ match, answer: 'nothing', act: () => void (restarted = restart()) }]);
    await restarted;
  }

  /** Two runs without harm, the second a day later, when deletions are looked for; then everything is compared. */
  async expectHealed(): Promise<void> {
    for (const advanceSeconds of [60, 26 * 3600]) {
      await this.#sevdesk.admin('PUT', '/clock', { advanceSeconds });
      const outcome = await this.#run();
      expect([outcome.tap, outcome.target, outcome.target === 0 ? '' : outcome.stderr]).toEqual([0, 0, '']);
    }
    const client = await connect(this.#snowflake, { representNullAsStringNull: false });
    try {
      for (const { stream, model, fields } of STREAMS) {
        const columns = ['id', ...fields].map((name) => `"${name.toUpperCase()}"`).join(', ');
        const rows = await client.query(
          `SELECT ${columns} FROM SEVDESK.RAW."${stream.toUpperCase()}" WHERE "_SDC_DELETED_AT" IS NULL`,
        );
        const loaded = rows.map((row) => Object.values(row).map(asText).join(' | ')).sort();
        const source = await this.#sevdesk.dump(model);
        const wanted = source.map((record) => ['id', ...fields].map((name) => asText(record[name])).join(' | ')).sort();
        expect([stream, loaded]).toEqual([stream, wanted]);
      }
    } finally {
      await client.close();
    }
  }

  #start(): Pipe {
    const { host } = this.#snowflake;
    return startPipe({
      tapConfig: {
        api_key: this.#sevdesk.token,
        api_url: this.#sevdesk.url,
        start_date: '2015-01-01T00:00:00Z',
        page_size: 20,
        lag_seconds: 0,
      },
      targetConfig: {
        account: 'local',
        user: 'local',
        password: 'local',
        host,
        port: this.#wire.port,
        protocol: 'http',
        database: 'SEVDESK',
        default_target_schema: 'RAW',
        batch_size_rows: 25,
      },
      catalog: this.#catalog,
      ...(this.#states.length === 0 ? {} : { state: this.#states.at(-1) }),
    });
  }

  async #run(faults: Fault[] = [], more: (pipe: Pipe) => Fault[] = () => []): Promise<PipeOutcome> {
    this.#wire.faults = faults;
    const pipe = this.#start();
    this.#wire.faults = [...faults, ...more(pipe)];
    const outcome = await pipe.done;
    this.#keep(outcome);
    return outcome;
  }

  /** As a scheduler does: the last state that the target let out is the next run's. */
  #keep({ states }: PipeOutcome): void {
    this.#states.push(...states);
  }
}

const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value ?? '');

const HARMS = [
  'harmKilledTarget',
  'harmLostAnswers',
  'harmZombie',
  'harmOldState',
  'harmKilledTap',
  'harmTwins',
  'harmRestartedWarehouse',
  'harmSource',
  'harmLostSession',
  'harmLostState',
] as const;

describe('a tap and a target under fire', () => {
  it.each([3, 17])(
    'end with tables equal to their source, seed %i',
    async (seed) => {
      const drill = new Drill(seed);
      await drill.open();
      try {
        const pick = random(seed * 7919);
        const order = [...HARMS].sort(() => pick(3) - 1);
        await drill.round('harmSource');
        for (const harm of order.slice(0, 6)) await drill.round(harm);
        await drill.expectHealed();
      } finally {
        await drill.close();
      }
    },
    600_000,
  );
});
