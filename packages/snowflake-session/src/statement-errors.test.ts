import { CopyRejectedError, StatementRefusedError, WarehouseUnavailableError } from '@singer-io-ts/sdk';
import {
  IntegrityError,
  LockConflictError,
  MissingObjectError,
  SessionLostError,
  snowflakeCode,
  TableChangedError,
} from './errors.js';
import { copyPlace, mapStatementError } from './statement-errors.js';

const environmentVariable = (setting: string): string => `LOADER_${setting.toUpperCase()}`;

describe('errors of statements', () => {
  it.each([
    [{ code: '390111' }, SessionLostError, true],
    [{ code: 401001 }, SessionLostError, true],
    [{ code: '000625' }, LockConflictError, true],
    [
      { code: '002003', message: "Object 'DB.RAW.INVOICES' does not exist or not authorized." },
      MissingObjectError,
      false,
    ],
    [{ code: '090105' }, MissingObjectError, false],
    [{ code: '091016' }, IntegrityError, true],
    [{ code: '002002', message: "Object 'T' already exists." }, TableChangedError, true],
    [{ code: '000604' }, WarehouseUnavailableError, true],
    [{ code: '000603', message: "Processing aborted by error 300010: 'secret'" }, WarehouseUnavailableError, true],
    [{ code: '000904', message: "invalid identifier 'C'" }, TableChangedError, true],
    [{ code: '003001' }, StatementRefusedError, false],
    [{ code: '000606' }, StatementRefusedError, false],
    [{ code: '100038', message: "Numeric value 'secret' is not recognized" }, CopyRejectedError, false],
    [{ code: '001003', message: "syntax error near 'secret'" }, StatementRefusedError, false],
    [new TypeError('boom'), StatementRefusedError, false],
  ])('%j', (error, kind, retriable) => {
    const mapped = mapStatementError(error, { verb: 'MERGE', what: 'MERGE' }, environmentVariable);
    expect(mapped).toBeInstanceOf(kind);
    expect(mapped.retriable).toBe(retriable);
    expect(mapped.message).toMatch(/^MERGE: /);
    expect(mapped.message).not.toContain('secret');
  });

  it('do not take a column that a new table lacks for one that another process took', () => {
    const mapped = mapStatementError(
      { code: '000904' },
      { verb: 'CREATE TABLE', what: 'stream a' },
      environmentVariable,
    );
    expect([mapped.retriable, mapped.message]).toEqual([false, expect.stringContaining('cluster_by')]);
  });

  it('name the object that is missing, which is no value', () => {
    const error = {
      code: '002003',
      message: "SQL compilation error:\nTable 'DB.RAW.T' does not exist or not authorized.",
    };
    const mapped = mapStatementError(error, { verb: 'SELECT', what: 'SELECT' }, environmentVariable);
    expect(mapped.message).toContain(
      "SELECT: Table 'DB.RAW.T' does not exist or the role may not see it (code 002003)",
    );
    expect(snowflakeCode(mapped)).toBe('002003');
  });

  it('reads where a COPY stopped from what Snowflake writes', () => {
    const message = `Numeric value 'x' is not recognized\n  File '1/0/000003.jsonl.gz', line 12, character 1\n  Row 12, column "_SDC_LOAD_AB_0"["C3":8]\n  If you would like to continue loading`;
    expect(copyPlace(message)).toEqual({ file: '000003.jsonl.gz', line: 12, column: 'C3' });
    expect(copyPlace(undefined)).toEqual({});
  });
});
