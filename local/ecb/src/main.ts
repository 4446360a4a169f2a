import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { listenProblem } from './listen-problem.js';
import { LocalEcb } from './local-ecb.js';
import type { RateHistory } from './rates.js';
import { carriedUntil, loadRateHistory } from './rates.js';

const HELP = `The ECB's euro reference rates on this machine, in the ECB's own formats.

usage: npm run local:ecb -- [options]

  --port P      port on 127.0.0.1; 0 picks a free one           [default: LOCAL_ECB_PORT or 18302]
  --rates FILE  a history file in the layout of eurofxref-hist.csv  [default: fixtures/ecb/eurofxref-hist.csv]
  --until DAY   repeat the last rates on the weekdays up to a day, as 2026-12-31
                [default: LOCAL_ECB_UNTIL, or today; with --rates: not at all]
  --help        this text
`;

function fail(message: string): never {
  process.stderr.write(`local ECB: ${message}\n`);
  process.exit(2);
}

function readCommandLine(): { help?: boolean; port?: string; rates?: string; until?: string } {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        rates: { type: 'string' },
        until: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    fail(`${(error instanceof Error ? error.message : String(error)).split('. ')[0] ?? ''}; --help lists the options`);
  }
}

/** What an option or, without it, a variable says, and which of them; an empty variable says nothing. */
function chosen(
  option: string,
  value: string | undefined,
  variable: string,
): { name: string; text: string } | undefined {
  if (value !== undefined) return { name: option, text: value };
  const text = process.env[variable]?.trim();
  return text ? { name: variable, text } : undefined;
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function isFile(name: string): boolean {
  try {
    return statSync(name).isFile();
  } catch {
    return false;
  }
}

function ratesIn(file: string | undefined): RateHistory {
  try {
    return loadRateHistory(file);
  } catch (error) {
    fail(`--rates ${file ?? ''} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const values = readCommandLine();
if (values.help === true) {
  process.stdout.write(HELP);
} else {
  const given = {
    port: chosen('--port', values.port, 'LOCAL_ECB_PORT'),
    until: chosen('--until', values.until, 'LOCAL_ECB_UNTIL'),
  };
  const port = /^\d{1,5}$/.test(given.port?.text ?? '18302') ? Number(given.port?.text ?? 18_302) : NaN;
  const today = new Date().toISOString().slice(0, 10);
  const until = given.until?.text ?? (values.rates === undefined ? today : undefined);
  const problems = [
    ...(given.port && !(port <= 65_535)
      ? [`${given.port.name} must be a whole number from 0 to 65535, not "${given.port.text}"`]
      : []),
    ...(given.until && !isDay(given.until.text)
      ? [`${given.until.name} must be a day such as 2026-12-31, not "${given.until.text}"`]
      : []),
    ...(values.rates !== undefined && !isFile(values.rates) ? [`there is no file ${values.rates}`] : []),
  ];
  if (problems.length > 0) fail(problems.join('\nlocal ECB: '));
  try {
    const published = ratesIn(values.rates);
    const history = until === undefined ? published : carriedUntil(published, until);
    if (history.days.length === 0) fail(`${values.rates ?? 'the rates file'} holds no rates`);
    const server = new LocalEcb(history, port);
    const url = await server.start();
    const stop = (): void => void server.stop().then(() => process.exit(0));
    process.once('SIGTERM', stop).once('SIGINT', stop);
    process.stdout.write(`local ECB ready on ${url}\n`);
  } catch (error) {
    const problem = listenProblem(error, 'LOCAL_ECB_PORT');
    if (problem === undefined) throw error;
    fail(problem);
  }
}
