import { verifyUpload } from './snowflake-session.js';

describe('an upload', () => {
  const row = { source: 'a', status: 'UPLOADED', sourceSize: '10' };

  it('counts when one row says UPLOADED with the size of the file', () => {
    expect(() => verifyUpload([row], new Map([['a', 10]]))).not.toThrow();
  });

  it('counts when every file of several is there, each once', () => {
    const other = { ...row, source: 'b', sourceSize: '7' };
    const sizes = new Map([
      ['a', 10],
      ['b', 7],
    ]);
    expect(() => verifyUpload([other, row], sizes)).not.toThrow();
    expect(() => verifyUpload([row, row], sizes)).toThrow(/did not reach the stage whole/);
  });

  // The driver reports each of these without an error.
  it.each([
    [[]],
    [[{ ...row, status: 'ERROR' }]],
    [[{ ...row, status: 'SKIPPED' }]],
    [[{ ...row, sourceSize: '9' }]],
    [[{ ...row, source: 'b' }]],
    [[row, row]],
  ])('%j is none', (rows) => {
    expect(() => verifyUpload(rows, new Map([['a', 10]]))).toThrow(/did not reach the stage whole/);
  });
});
