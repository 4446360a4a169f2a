import { verifyUpload } from './snowflake-session.js';

describe('an upload', () => {
  const row = { source: 'a', status: 'UPLOADED', sourceSize: '10' };

  it('counts when one row says UPLOADED with the size of the file', () => {
    expect(() => verifyUpload([row], 10)).not.toThrow();
  });

  // The driver reports each of these without an error.
  it.each([
    [[]],
    [[{ ...row, status: 'ERROR' }]],
    [[{ ...row, status: 'SKIPPED' }]],
    [[{ ...row, sourceSize: '9' }]],
    [[row, row]],
  ])('%j is none', (rows) => {
    expect(() => verifyUpload(rows, 10)).toThrow(/did not reach the stage whole/);
  });
});
