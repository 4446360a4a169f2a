import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AuthenticationError } from './authentication-error.js';
import { describeError, exitCodeOf } from './describe-error.js';
import { SingerError } from './singer-error.js';
import { NetworkError, ServerError, SourceError } from './source-errors.js';

describe('isInstance', () => {
  it('knows a class and those it extends, and no other', () => {
    const error = new ServerError({ message: 'down' });
    expect([ServerError, SourceError, SingerError].map((kind) => kind.isInstance(error))).toEqual([true, true, true]);
    expect(NetworkError.isInstance(error)).toBe(false);
    for (const other of [undefined, 'down', {}, new Error('down')]) expect(SingerError.isInstance(other)).toBe(false);
  });

  it('knows errors of another copy of the package', async () => {
    const file = path.resolve(import.meta.dirname, '../../dist/errors/authentication-error.js');
    const copy = (await import(`${pathToFileURL(file).href}?copy`)) as {
      AuthenticationError: typeof AuthenticationError;
    };
    const error = new copy.AuthenticationError({ message: 'the key was refused' });
    expect(error).not.toBeInstanceOf(AuthenticationError);
    expect(AuthenticationError.isInstance(error)).toBe(true);
    expect([exitCodeOf(error), describeError(error)]).toEqual([3, 'the key was refused']);
  });

  it('tells a class of a plugin by the class itself', () => {
    class QuotaError extends SourceError {
      readonly code = 'QUOTA';
    }
    expect(QuotaError.isInstance(new QuotaError({ message: 'used up' }))).toBe(true);
    expect(QuotaError.isInstance(new ServerError({ message: 'down' }))).toBe(false);
    expect(SourceError.isInstance(new QuotaError({ message: 'used up' }))).toBe(true);
  });
});
