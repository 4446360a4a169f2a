import { alterSession } from './session-parameters.js';

describe('the parameters of a session', () => {
  it('are pinned where a meaning depends on them, whatever the user sets', () => {
    const sql = alterSession({
      own: { timezone: 'Europe/Berlin', WEEK_START: 1, "x'; --": 'y' },
      quotedIdentifiersIgnoreCase: false,
      queryTag: `{"run":"it's"}`,
      statementTimeoutSeconds: 60,
      lockTimeoutSeconds: 900,
    });
    expect(sql).toMatchSnapshot();
    expect(sql).toContain("TIMEZONE = 'UTC'");
    expect(sql).not.toContain('Berlin');
  });
});
