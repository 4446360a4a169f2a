import { HELP, parseCommandLine, UsageError } from './cli-options.js';

it.each([
  [['--port', 'high'], '--port must be a whole number from 0 to 65535, not "high"'],
  [['--invoices=-1'], '--invoices must be a whole number from 0 to 5000000, not "-1"'],
  [['--token', 'secret'], '--token must be 32 hexadecimal characters'],
  [['--today', '2026-02-30'], '--today must be a day such as 2026-10-30, not "2026-02-30"'],
  [['--today', '2020-01-01'], '--today must not lie before 2026-10-30, the last day of the exchange rates'],
  [
    ['--today', '2026-12-31', '--now', '2026-12-24T12:00:00+01:00'],
    "--now must not lie before the company's last day, 2026-12-31T18:00:00+01:00",
  ],
  [['--now', 'noon'], '--now must be a time such as 2026-11-01T12:00:00+01:00, not "noon"'],
  [['--now', '2026-10-01'], "--now must not lie before the company's last day, 2026-10-30T18:00:00+01:00"],
  [['--fixtures', '.', '--invoices', '5'], '--fixtures and --invoices exclude each other'],
  [['--activity', '3'], '--activity needs --data, the folder that remembers earlier starts'],
])('refuses %j', (args, message) => {
  expect(() => parseCommandLine(args)).toThrow(new UsageError(message));
});

it('reads every option', () => {
  const line =
    '--port 0 --invoices 5 --seed 2 --data d --activity 7 --latency-ms 3 --fault-rate 0.25 --now 2026-11-01T12:00:00+01:00 --warm';
  expect(parseCommandLine(line.split(' '))).toEqual({
    port: 0,
    invoices: 5,
    seed: 2,
    data: 'd',
    activity: 7,
    latencyMs: 3,
    faultRate: 0.25,
    now: Date.parse('2026-11-01T11:00:00Z') / 1000,
    warm: true,
  });
});

it('takes the port from the command line, else from LOCAL_SEVDESK_PORT, else 18301', () => {
  const env = { LOCAL_SEVDESK_PORT: '4711' };
  expect([parseCommandLine(['--port', '1'], env), parseCommandLine([], env), parseCommandLine([])]).toEqual([
    { port: 1 },
    { port: 4711 },
    { port: 18_301 },
  ]);
});

it('has a help text that names every option', () => {
  expect(parseCommandLine(['--invoices', '5', '--help'])).toBe('help');
  for (const option of [
    'port',
    'invoices',
    'seed',
    'token',
    'data',
    'activity',
    'fixtures',
    'now',
    'latency-ms',
    'fault-rate',
    'warm',
  ])
    expect(HELP).toContain(`--${option} `);
});
