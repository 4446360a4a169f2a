import { parseArgs } from 'node:util';
import { berlinInstant, berlinTimestamp, parseTimestamp } from './company/berlin-time.js';
import { EARLIEST_END } from './company/company.js';
import type { LocalSevdeskOptions } from './local-sevdesk.js';

export const HELP = `A sevDesk on this machine: the API's wire shape over a believable company.

usage: npm run local:sevdesk -- [options]

  --port P         port on 127.0.0.1; 0 picks a free one                     [default: LOCAL_SEVDESK_PORT or 18301]
  --invoices N     how many invoices the company has written                 [default: 3000]
  --seed S         which company; the same seed and day give the same         [default: 1]
  --today DAY      the company's last day, as 2026-10-30                     [default: LOCAL_SEVDESK_TODAY, or today]
  --token T        the API key: 32 hexadecimal characters                    [default: 0123456789abcdef0123456789abcdef]
  --data DIR       keep edits in a folder and replay them on the next start  [default: edits are forgotten]
  --activity N     at each start with --data but the first, write or touch N invoices
  --daily-activity N  the same, but only at the first start of a day
  --fixtures PATH  serve recorded answers: a folder of <Endpoint>.json, or one such file
  --now TIME       a clock that stands still, as 2026-11-01T12:00:00+01:00   [default: the machine's clock]
  --latency-ms MS  wait before each answer                                   [default: 0]
  --fault-rate R   let a share of the calls fail, 0 to 1                     [default: 0]
  --warm           make the invoices before it is ready, so that a benchmark measures its client
  --help           this text

Records can be edited, faults set and calls counted while it runs: see local/sevdesk/README.md.
`;

/** A command line that makes no sense; the message tells what to change, a line for each problem. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FLAGS = [
  'port',
  'invoices',
  'seed',
  'today',
  'token',
  'data',
  'activity',
  'daily-activity',
  'fixtures',
  'now',
  'latency-ms',
  'fault-rate',
] as const;
type Values = Partial<Record<(typeof FLAGS)[number], string>> & { warm?: boolean };

/** A number from 0 to `max`; `name` is what gave it, where that was a variable. */
function number(
  values: Values,
  flag: (typeof FLAGS)[number],
  { max, name = `--${flag}`, whole = true }: { max: number; name?: string; whole?: boolean },
): number | undefined {
  const text = values[flag];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= max) || (whole && !Number.isInteger(value))) {
    throw new UsageError(`${name} must be a ${whole ? 'whole ' : ''}number from 0 to ${max}, not "${text}"`);
  }
  return value;
}

/** The evening of a day. */
function lastMoment(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === '') return undefined;
  const [matched, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const end = matched === undefined ? undefined : berlinInstant(Number(year), Number(month), Number(day), 64_800);
  if (end === undefined || berlinTimestamp(end).slice(0, 10) !== text)
    throw new UsageError(`${name} must be a day such as 2026-10-30, not "${text}"`);
  if (end < EARLIEST_END)
    throw new UsageError(
      `${name} must not lie before ${berlinTimestamp(EARLIEST_END).slice(0, 10)}, the last day of the exchange rates`,
    );
  return end;
}

function moment(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseTimestamp(text);
  if (Number.isNaN(seconds))
    throw new UsageError(`--now must be a time such as 2026-11-01T12:00:00+01:00, not "${text}"`);
  if (seconds < EARLIEST_END)
    throw new UsageError(`--now must not lie before the company's last day, ${berlinTimestamp(EARLIEST_END)}`);
  return Math.floor(seconds);
}

/** Reads the command line; 'help' when it asks for the help text. @throws {UsageError} */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv = {}): LocalSevdeskOptions | 'help' {
  const given = read(args);
  if (given === 'help') return 'help';
  const fromEnv = env['LOCAL_SEVDESK_PORT'];
  const values = fromEnv === undefined || fromEnv === '' ? given : { port: fromEnv, ...given };
  const { token, data, fixtures } = values;
  const problems: string[] = [];
  const attempt = <Value>(read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  if (token !== undefined && !/^[0-9a-f]{32}$/i.test(token)) problems.push('--token must be 32 hexadecimal characters');
  if (data?.trim() === '') problems.push('--data must be a folder; it is empty');
  if (fixtures !== undefined && values.invoices !== undefined)
    problems.push('--fixtures and --invoices exclude each other');
  for (const flag of ['activity', 'daily-activity'] as const)
    if (values[flag] !== undefined && data === undefined)
      problems.push(`--${flag} needs --data, the folder that remembers earlier starts`);
  const portName = given.port === undefined ? 'LOCAL_SEVDESK_PORT' : '--port';
  const todayName = values.today === undefined ? 'LOCAL_SEVDESK_TODAY' : '--today';
  const options = {
    port: attempt(() => number(values, 'port', { max: 65_535, name: portName })) ?? 18_301,
    invoices: attempt(() => number(values, 'invoices', { max: 5_000_000 })),
    seed: attempt(() => number(values, 'seed', { max: 2 ** 31 })),
    end: attempt(() => lastMoment(values.today ?? env['LOCAL_SEVDESK_TODAY'], todayName)),
    token,
    data,
    fixtures,
    activity: attempt(() => number(values, 'activity', { max: 100_000 })),
    dailyActivity: attempt(() => number(values, 'daily-activity', { max: 100_000 })),
    now: attempt(() => moment(values.now)),
    warm: values.warm,
    latencyMs: attempt(() => number(values, 'latency-ms', { max: 600_000 })),
    faultRate: attempt(() => number(values, 'fault-rate', { max: 1, whole: false })),
  };
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  if (options.now !== undefined && options.end !== undefined && options.now < options.end)
    throw new UsageError(`--now must not lie before the company's last day, ${berlinTimestamp(options.end)}`);
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function read(args: readonly string[]): Values | 'help' {
  const strings = Object.fromEntries(FLAGS.map((flag) => [flag, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...strings, help: { type: 'boolean', short: 'h' }, warm: { type: 'boolean' } },
    });
    const { help, ...rest } = values;
    return help === true ? 'help' : rest;
  } catch (error) {
    throw new UsageError(
      `${(error instanceof Error ? error.message : String(error)).split(/\.\s/)[0] ?? ''}; --help lists the options`,
    );
  }
}
