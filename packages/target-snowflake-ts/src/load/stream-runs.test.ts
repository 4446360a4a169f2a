import { StreamRuns } from './stream-runs.js';

it("knows a stream's run by the name that the STATE has, whatever a stream map calls it", () => {
  const runs = new StreamRuns(0);
  runs.comesFrom('customers', 'contacts');
  runs.seeState({ bookmarks: { contacts: { sync: { run: 200, from: 100, complete: false, sent: true } } } });
  expect(runs.mark('customers')?.last.run).toBe(200);
  expect(runs.isToNote('customers')).toBe(true);
  runs.noted('customers');
  expect(runs.isToNote('customers')).toBe(false);
});
