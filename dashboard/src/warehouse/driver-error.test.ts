import { fromDriverError, needsNewSession } from './driver-error.js';

const driverError = (code: number | string, message = 'what Snowflake says\nand more'): Error =>
  Object.assign(new Error(message), { code });

describe('errors of the driver', () => {
  it.each([
    ['002003', 'missing'],
    [2003, 'missing'],
    ['000904', 'missing'],
    ['090105', 'missing'],
    ['390100', 'refused'],
    ['390144', 'refused'],
    ['ECONNREFUSED', 'unreachable'],
    ['401001', 'unreachable'],
    ['000606', 'failed'],
  ] as const)('%s means %s', (code, fault) => {
    expect(fromDriverError(driverError(code)).fault).toBe(fault);
  });

  it('are told in one line', () => {
    expect(fromDriverError(driverError('000606')).message).toBe('what Snowflake says and more (Snowflake 000606)');
  });

  it('are worth a new session when the old one is over or knows no database', () => {
    expect(['390112', '390114', '090105'].map((code) => needsNewSession(driverError(code)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['390100', '002003'].map((code) => needsNewSession(driverError(code)))).toEqual([false, false]);
  });
});
