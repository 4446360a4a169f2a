import { AuthenticationError, ConfigError, WarehouseUnavailableError } from '@singer-io-ts/sdk';
import { UnknownSignInError } from './errors.js';
import { mapSignInError } from './sign-in-errors.js';

const environmentVariable = (setting: string): string => `LOADER_${setting.toUpperCase()}`;
const config = { account: 'acme', role: 'BOOKKEEPER', warehouse: 'XS', database: 'BOOKS' };
const attempt = { method: 'password', config, environmentVariable, first: true };

describe('errors of signing in', () => {
  it.each([
    [{ code: 390100 }, AuthenticationError, 3, /refused sign-in by password \(code 390100\); .* prefer a key pair/],
    [{ code: '390144', message: 'JWT token is invalid.' }, AuthenticationError, 3, /code 390144/],
    [
      { code: 394507, message: 'Multi-factor authentication is required' },
      AuthenticationError,
      3,
      /does not let this user in by password alone: use a key pair/,
    ],
    [{ code: 390102 }, AuthenticationError, 3, /locked after failed attempts/],
    [
      {
        code: '390189',
        message: "Role 'BOOKKEEPER' specified in the connect string does not exist or not authorized.",
      },
      ConfigError,
      2,
      /no such role, .* check setting "role" \(environment variable LOADER_ROLE\), which is BOOKKEEPER/,
    ],
    [{ code: '390186', message: 'is not granted to this user' }, ConfigError, 2, /setting "role"/],
    [
      { code: '390201', message: 'The requested warehouse does not exist or not authorized.' },
      ConfigError,
      2,
      /no such warehouse, .* check setting "warehouse" \(environment variable LOADER_WAREHOUSE\), which is XS$/,
    ],
    [
      { code: '390201', message: 'The requested database does not exist or not authorized.' },
      ConfigError,
      2,
      /no such database, .* check setting "database" .*, which is BOOKS$/,
    ],
    [{ code: '390201' }, ConfigError, 2, /no such warehouse or database or schema/],
    [
      { code: 401002, response: { statusCode: 403 } },
      ConfigError,
      2,
      /has no account acme \(HTTP 403\); check setting "account"/,
    ],
    [
      { code: 401001, cause: { code: 'ENOTFOUND' } },
      WarehouseUnavailableError,
      1,
      /account acme cannot be reached \(ENOTFOUND\)/,
    ],
    [
      { code: '395555', message: 'Tuesdays only.\nAsk again.' },
      UnknownSignInError,
      1,
      /unknown reason \(code 395555\): Tuesdays only\. Ask again\.$/,
    ],
    [new TypeError('boom'), UnknownSignInError, 1, /unknown reason: boom$/],
  ])('%j', (error, kind, exitCode, message) => {
    const mapped = mapSignInError(error, attempt);
    expect(mapped).toBeInstanceOf(kind);
    expect(mapped.exitCode).toBe(exitCode);
    expect(mapped.message).toMatch(message);
  });
});
