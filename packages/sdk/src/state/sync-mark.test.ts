import { syncMarkOf, syncMarkToState } from './sync-mark.js';

describe('the mark of a run in a bookmark', () => {
  it('comes back as it was written', () => {
    const mark = { run: 1767654000000, from: null, complete: false, sent: true };
    expect(syncMarkOf(syncMarkToState(mark))).toEqual(mark);
    expect(syncMarkOf(syncMarkToState({ ...mark, from: 1767650400000 }))).toEqual({ ...mark, from: 1767650400000 });
  });

  it('is nothing where a bookmark has none or another form', () => {
    for (const bookmark of [
      undefined,
      null,
      'x',
      {},
      { sync: 1 },
      { sync: {} },
      { sync: { run: 'x' } },
      { sync: { run: 1e300 } },
      { sync: { run: 5, from: 0.5 } },
    ]) {
      expect(syncMarkOf(bookmark)).toBeUndefined();
    }
  });
});
