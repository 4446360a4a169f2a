import path from 'node:path';
import { root } from '../ci/run-tool.js';

interface Suite {
  name: string;
  lane?: string;
}

describe('the stages of npm test', () => {
  let stagesOf: (suites: Suite[]) => Suite[][][];
  let suites: Suite[];
  beforeAll(async () => {
    const load = (file: string) => import(path.join(root, 'scripts/lib', file)) as Promise<unknown>;
    ({ stagesOf } = (await load('lanes.mjs')) as { stagesOf: typeof stagesOf });
    ({ suites } = (await load('suites.mjs')) as { suites: Suite[] });
  });
  const names = (wanted: Suite[]) => stagesOf(wanted).map((stage) => stage.map((lane) => lane.map(({ name }) => name)));

  it('run side by side what has lanes, in the order of each lane, and all else alone', () => {
    const [a, f] = [{ name: 'a' }, { name: 'f' }];
    const laned = [
      { name: 'b', lane: 'x' },
      { name: 'c', lane: 'y' },
      { name: 'd', lane: 'x' },
    ];
    expect(names([a, ...laned, f])).toEqual([[['a']], [['b', 'd'], ['c']], [['f']]]);
    expect(names([laned[0] as Suite, f, laned[1] as Suite])).toEqual([[['b']], [['f']], [['c']]]);
    expect(names([])).toEqual([]);
  });

  it('hold every suite once, the slow ones of Python beside each other', () => {
    const found = names(suites);
    expect(found.flat(2).sort()).toEqual(suites.map(({ name }) => name).sort());
    expect(found).toContainEqual([['dbt', 'looker'], ['orchestration']]);
  });
});
