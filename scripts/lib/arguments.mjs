import { parseArgs } from 'node:util';
import { EXIT_CONFIGURATION } from './configuration-error.mjs';
import { nearest } from './nearest.mjs';
import { wrapHelp } from './wrap-help.mjs';

/** Narrower than this nothing reads well, and wider neither. */
const [MIN_WIDTH, MAX_WIDTH] = [40, 110];

const forTerminal = (text, { columns }) =>
  wrapHelp(text, Math.min(Math.max(columns ?? MAX_WIDTH, MIN_WIDTH), MAX_WIDTH));

/** What is wrong with the arguments, in the words of this project; undefined when nothing is. */
function problemOf(error, known) {
  const [, unknown] = /^Unknown option '(-[^']*)'/.exec(error.message) ?? [];
  if (unknown === undefined) return error.message.split('. ')[0].replace(/\.$/, '');
  const meant = nearest(unknown.replace(/^-+/, ''), known);
  return `there is no option ${unknown}${meant === undefined ? '' : `; did you mean --${meant}?`}`;
}

/** Ends the script with what is wrong and how it is used, exit code 2. */
export function refuseArguments(usage, problem) {
  const [, command = ''] = /^usage: (?:npm run |npm |node scripts\/)?(\S+?)(?:\.mjs)?\s/.exec(`${usage}\n`) ?? [];
  process.stderr.write(forTerminal(`${command}: ${problem}\n\n${usage}`, process.stderr));
  process.exit(EXIT_CONFIGURATION);
}

/**
 * Reads a script's command line. `--help` prints its usage and ends it; what is not known ends it too, with what may have been meant.
 *
 * @param {string} usage begins with `usage: npm run …`
 * @param {import('node:util').ParseArgsConfig['options']} [options] those beside `--help`
 * @param {readonly string[]} [names] the words that may follow; none without
 * @returns {{ values: Record<string, any>, positionals: string[] }}
 */
export function readArguments(usage, options = {}, names = undefined) {
  const known = [...Object.keys(options), 'help'];
  let parsed;
  try {
    parsed = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: names !== undefined,
    });
  } catch (error) {
    return refuseArguments(usage, problemOf(error, known));
  }
  if (parsed.values.help) {
    process.stdout.write(forTerminal(usage, process.stdout));
    process.exit(0);
  }
  const unknown = names?.length ? parsed.positionals.find((name) => !names.includes(name)) : undefined;
  if (unknown !== undefined) {
    const meant = nearest(unknown, names);
    refuseArguments(
      usage,
      `there is no "${unknown}"; ${meant ? `did you mean "${meant}"?` : `there are ${names.join(', ')}`}`,
    );
  }
  return parsed;
}
