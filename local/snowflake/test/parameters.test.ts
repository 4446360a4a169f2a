import { connect, failure, startLocalSnowflake } from '../../../test/support/local-snowflake.js';

it('gives every session the parameters that the account sets, until it sets its own', async () => {
  const args = ['--account-parameter', 'TIMEZONE=Asia/Tokyo', '--account-parameter', 'lock_timeout=77'];
  const server = await startLocalSnowflake({ args });
  const sf = await connect(server);
  const level = async (name: string) => {
    const [row] = await sf.query(`SHOW PARAMETERS LIKE '${name}'`);
    return [row?.['value'], row?.['level']];
  };
  expect(await level('TIMEZONE')).toEqual(['Asia/Tokyo', 'ACCOUNT']);
  expect(await level('LOCK_TIMEOUT')).toEqual(['77', 'ACCOUNT']);
  await sf.query("ALTER SESSION SET TIMEZONE = 'Europe/Rome'");
  expect(await level('TIMEZONE')).toEqual(['Europe/Rome', 'SESSION']);
  await sf.query('ALTER SESSION UNSET TIMEZONE');
  expect(await level('TIMEZONE')).toEqual(['Asia/Tokyo', 'ACCOUNT']);
  const wrong = [
    'WEEK_START = 8',
    "TIMEZONE = 'Mars/Olympus'",
    'AUTOCOMMIT = 7',
    "BINARY_INPUT_FORMAT = 'OCTAL'",
    'RAINBOW = 1',
  ];
  for (const change of wrong) expect(await failure(sf.query(`ALTER SESSION SET ${change}`))).toBeDefined();
  await sf.close();
  await server.stop();
});

it('refuses an account parameter that does not exist or does not take the value', async () => {
  for (const text of ['RAINBOW=1', 'WEEK_START=9', 'TIMEZONE'])
    await expect(startLocalSnowflake({ args: ['--account-parameter', text] })).rejects.toThrow(/account-parameter/);
});
