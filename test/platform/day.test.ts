import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../ci/run-tool.js';

interface Cost {
  readonly calls: number;
  readonly signIns: number;
  readonly statements: number;
  readonly meltano: number;
  readonly models: number;
}

interface Player {
  now: Date;
  change(invoices: number): Promise<void>;
  hour(options?: { loadOnly?: boolean }): Promise<Cost>;
}

/** What the benchmark has: the same hours, at sizes that take long. */
const { IDLE_LIMIT, withPlayer } = (await import(path.join(root, 'bench/platform/player.mjs'))) as {
  IDLE_LIMIT: Omit<Cost, 'calls'>;
  withPlayer: (options: { invoices: number; start: Date }, body: (player: Player) => Promise<void>) => Promise<void>;
};

/** A row of the table in docs/costs.md: what people were told that an hour costs. */
function told(hour: string): Cost {
  const row = readFileSync(path.join(root, 'docs/costs.md'), 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| 1,000, ${hour} |`));
  const [calls, signIns, statements, , models] = (row ?? '').split('|').slice(2).map(Number);
  if (models === undefined) throw new Error(`docs/costs.md tells nothing of an hour with "${hour}"`);
  return { calls: calls!, signIns: signIns!, statements: statements!, models, meltano: 1 };
}

describe('a day of hourly ticks, in three of which something changed', () => {
  it('costs in each hour no more than docs/costs.md says, and next to nothing when nothing changed', async () => {
    const changed = new Set([0, 8, 16]);
    const [idle, busy] = [told('nothing changed'), told('3 invoices changed')];
    const hours: Cost[] = [];
    // Half an hour before the day begins, everything is loaded; the first change has the models built. On a Sunday the ECB is not asked.
    await withPlayer({ invoices: 60, start: new Date('2026-11-28T22:30:00Z') }, async (player) => {
      await player.hour({ loadOnly: true });
      player.now = new Date('2026-11-28T23:00:00Z');
      for (let hour = 0; hour < 24; hour += 1) {
        if (changed.has(hour)) await player.change(3);
        hours.push(await player.hour());
      }
    });

    const within = (limit: Partial<Cost>, cost: Cost): string[] =>
      Object.entries(limit)
        .filter(([name, most]) => cost[name as keyof Cost] > most)
        .map(([name, most]) => `${cost[name as keyof Cost]} ${name}, not ${most}`);
    expect(hours.map((cost, hour) => within(changed.has(hour) ? busy : { ...idle, ...IDLE_LIMIT }, cost))).toEqual(
      hours.map(() => []),
    );
    expect(hours.map(({ models }) => models > 0)).toEqual(hours.map((_, hour) => changed.has(hour)));
  }, 1_800_000);
});
