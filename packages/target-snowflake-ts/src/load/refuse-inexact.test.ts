import { parseType } from '../plan/column-type.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { LoadColumn } from '../plan/table.js';
import type { InexactNumbers } from '../spool/inexact-numbers.js';
import { refuseInexact } from './refuse-inexact.js';

const at = (line: number) => ({ line, where: `line ${line}` });

/** Why values of a column are refused, or that they are not. */
function refusal(
  type: string,
  places: object,
  options: { keys?: number[]; contract?: LoadColumn['contract'] } = {},
): string {
  const { keys = [], contract } = options;
  const properties = [{ property: 'v', column: { name: 'V', type: parseType(type), branches: [] } }];
  const plan = {
    stream: 's',
    table: { database: 'D', schema: 'S', table: 'T' },
    properties,
    keys,
  } as unknown as StreamPlan;
  const inexact: InexactNumbers = new Map([[0, places]]);
  const column: LoadColumn = { name: 'V', type: parseType(type), utc: true, text: undefined };
  try {
    refuseInexact(
      { sealed: { plan, inexact }, columns: new Map([['V', contract ? { ...column, contract } : column]]) },
      'round',
    );
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
}

it('refuses what a column would change; with rounding allowed, what it takes for another value or cuts off, and keys', () => {
  const seconds = { 'seconds(0)': at(3), 'seconds(1)': at(5) };
  expect(refusal('TIMESTAMP_NTZ(1)', seconds)).toMatch(
    /^line 5: stream "s", property "v": the value has more digits of a second/,
  );
  expect(refusal('TIME(0)', seconds)).toMatch(/^line 3: .* which is TIME\(0\) in table/);
  expect(refusal('TIMESTAMP_TZ(2)', seconds)).toBe('taken');
  expect(refusal('TIMESTAMP_TZ', seconds)).toBe('taken');
  expect(refusal('DATE', { date: at(2) })).toMatch(/would be another one in its column, which is DATE/);
  expect(refusal('FLOAT', { float: at(2) })).toBe('taken');
  expect(refusal('FLOAT', { float: at(2) }, { keys: [0] })).toMatch(/more digits than its column gives back/);
});

it('leaves to the contract what the contract judges', () => {
  expect(refusal('TIME(0)', { 'seconds(0)': at(3) }, { contract: { place: 'another type', discard: 'value' } })).toBe(
    'taken',
  );
});
