import type { EvolutionStep } from './evolution.js';
import { refuseClustered } from './refuse-clustered.js';

const plan = { stream: 'lots', table: { database: 'D', schema: 'S', table: 'LOTS' } };
const convert = (column: string): EvolutionStep => ({
  step: 'convert',
  column,
  from: { kind: 'number', precision: 38, scale: 0 },
  to: { kind: 'float' },
  utc: false,
});

it.each([
  ['LINEAR(ID, V)', convert('V'), true],
  ['LINEAR(TO_DATE("a "" b"))', convert('a " b'), true],
  ['LINEAR(größe)', convert('größe'), true],
  ['LINEAR(V)', { step: 'drop', column: 'V' }, true],
  ['LINEAR(V)', { step: 'widen', column: 'V', type: { kind: 'text', length: 9 } }, false],
  ['LINEAR(VV)', convert('V'), false],
  [undefined, convert('V'), false],
] as [string | undefined, EvolutionStep, boolean][])('key %s, %j: refused %s', (key, step, refused) => {
  const act = () => refuseClustered(plan, [step], key);
  if (refused) expect(act).toThrow(/part of the clustering key .* DROP CLUSTERING KEY/);
  else expect(act).not.toThrow();
});
