import {
  AuthenticationError,
  ConfigError,
  CopyRejectedError,
  StatementRefusedError,
  WarehouseUnavailableError,
} from '@singer-io-ts/sdk';
import {
  copyPlace,
  LockConflictError,
  mapSignInError,
  mapStatementError,
  SessionLostError,
  TableChangedError,
} from './driver-errors.js';
import { verifyUpload } from './snowflake.js';
import { namedStage } from './stage.js';

const signIn = { method: 'password', account: 'acme', host: undefined, first: true };

describe('errors of signing in', () => {
  it.each([
    [{ code: 390100 }, AuthenticationError, 3, /refused sign-in by password \(code 390100\); .* prefer a key pair/],
    [
      { code: 394507, message: 'Multi-factor authentication is required' },
      AuthenticationError,
      3,
      /does not let this user in by password alone: use a key pair/,
    ],
    [
      { code: 401002, response: { statusCode: 403 } },
      ConfigError,
      2,
      /knows no account acme \(HTTP 403\); check setting "account"/,
    ],
    [
      { code: 401001, cause: { code: 'ENOTFOUND' } },
      WarehouseUnavailableError,
      1,
      /account acme cannot be reached \(ENOTFOUND\)/,
    ],
  ])('%j', (error, kind, exitCode, message) => {
    const mapped = mapSignInError(error, signIn);
    expect(mapped).toBeInstanceOf(kind);
    expect(mapped.exitCode).toBe(exitCode);
    expect(mapped.message).toMatch(message);
  });
});

describe('errors of statements', () => {
  it.each([
    [{ code: '390111' }, SessionLostError, true],
    [{ code: 401001 }, SessionLostError, true],
    [{ code: '000625' }, LockConflictError, true],
    [{ code: '002002', message: "Object 'T' already exists." }, TableChangedError, true],
    [{ code: '000604' }, WarehouseUnavailableError, true],
    [{ code: '003001' }, StatementRefusedError, false],
    [{ code: '000606' }, StatementRefusedError, false],
    [{ code: '100038', message: "Numeric value 'secret' is not recognized" }, CopyRejectedError, false],
    [{ code: '001003', message: "syntax error near 'secret'" }, StatementRefusedError, false],
    [new TypeError('boom'), StatementRefusedError, false],
  ])('%j', (error, kind, retriable) => {
    const mapped = mapStatementError(error, 'MERGE');
    expect(mapped).toBeInstanceOf(kind);
    expect(mapped.retriable).toBe(retriable);
    expect(mapped.message).toMatch(/^MERGE: /);
    expect(mapped.message).not.toContain('secret');
  });

  it('reads where a COPY stopped from what Snowflake writes', () => {
    const message = `Numeric value 'x' is not recognized\n  File '1/0/000003.jsonl.gz', line 12, character 1\n  Row 12, column "_SDC_LOAD_AB_0"["C3":8]\n  If you would like to continue loading`;
    expect(copyPlace(message)).toEqual({ file: '000003.jsonl.gz', line: 12, column: 'C3' });
    expect(copyPlace(undefined)).toEqual({});
  });
});

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

describe('the name of a stage', () => {
  it.each([
    ['my_stage', '"MY_STAGE"'],
    ['@raw.my_stage', '"RAW"."MY_STAGE"'],
    ['db."Own Schema"."a""b.c"', '"DB"."Own Schema"."a""b.c"'],
  ])('%s is %s', (setting, sql) => {
    expect(namedStage(setting)).toBe(sql);
  });

  it.each(['', 'a.b.c.d', 'a..b', '"a'])('%j is none', (setting) => {
    expect(() => namedStage(setting)).toThrow(/"stage"/);
  });
});
