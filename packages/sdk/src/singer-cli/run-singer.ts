import { MessageChecker, type Problem } from '../check/message-checker.js';
import { MessageStats } from '../check/message-stats.js';
import { MessageTable } from '../check/message-table.js';
import { readMessages } from '../check/read-messages.js';
import { print } from '../cli/print.js';
import { nearestName } from '../config/nearest-name.js';
import { ExitCode } from '../errors/singer-error.js';
import { UsageError } from '../errors/usage-error.js';
import { openInput } from '../target/input.js';
import { renderStats } from './render-stats.js';

/** No more problems or differences than this are listed. */
const MAX_LISTED = 100;

const HELP = `singer <command>

Inspects files of Singer messages. FILE may be gzipped; without a FILE, or with -, stdin is read.

  singer check [FILE]            check protocol, order, records, keys, versions and bookmarks:
                                 one line per problem
  singer stats [FILE] [--json]   print records, bytes and replication key of each stream
  singer diff A B                compare what a target would hold after A and after B:
                                 one line per difference

Exit codes: 0 no problem or difference, 1 problems or differences, 2 bad usage.`;

/** How many files each command takes, at least and at most. */
const COMMANDS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  check: [0, 1],
  stats: [0, 1],
  diff: [2, 2],
};

/** Runs the command line `singer`. Sets the process's exit code for problems and differences. */
export async function runSinger(argv: readonly string[], version: string): Promise<void> {
  const [command, ...rest] = argv;
  const files = rest.filter((argument) => !argument.startsWith('--'));
  const flags = rest.filter((argument) => argument.startsWith('--'));
  if (command === undefined || command === 'help' || argv.some((one) => one === '--help' || one === '-h'))
    return print(HELP);
  if (command === '--version') return print(`singer ${version}`);
  const allowed = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!allowed) {
    const meant = nearestName(command, Object.keys(COMMANDS));
    const advice = meant === undefined ? '"singer --help" lists them' : `did you mean "singer ${meant}"?`;
    throw new UsageError({ message: `there is no command "${command}"; ${advice}` });
  }
  const unknown = flags.find((flag) => !(command === 'stats' && flag === '--json'));
  if (unknown !== undefined) throw new UsageError({ message: `"singer ${command}" has no option ${unknown}` });
  const [least, most] = allowed;
  if (files.length < least || files.length > most)
    throw new UsageError({
      message: `"singer ${command}" takes ${command === 'diff' ? 'two files' : 'one file at most'}`,
    });
  if (command === 'check') await check(files[0]);
  else if (command === 'stats') await stats(files[0], flags.includes('--json'));
  else await diff(files[0] ?? '', files[1] ?? '');
}

async function check(file: string | undefined): Promise<void> {
  const checker = new MessageChecker();
  for await (const chunk of (await open(file)) as AsyncIterable<Buffer>) checker.push(chunk);
  const problems = checker.end();
  await printSome(problems.map(renderProblem), 'problems');
  if (problems.length > 0) finishWith(ExitCode.runFailed);
  else await print('no problems');
}

async function stats(file: string | undefined, asJson: boolean): Promise<void> {
  const counted = new MessageStats();
  await readMessages(await open(file), counted);
  await print(
    asJson ? JSON.stringify({ states: counted.states, streams: counted.streams }, undefined, 2) : renderStats(counted),
  );
}

async function diff(a: string, b: string): Promise<void> {
  const [first, second] = [new MessageTable(), new MessageTable()];
  await readMessages(await open(a), first);
  await readMessages(await open(b), second);
  const differences = first.differencesTo(second);
  await printSome(differences, 'differences');
  if (differences.length > 0) finishWith(ExitCode.runFailed);
  else await print('no differences');
}

async function printSome(lines: readonly string[], what: string): Promise<void> {
  for (const line of lines.slice(0, MAX_LISTED)) await print(line);
  if (lines.length > MAX_LISTED) await print(`… and ${String(lines.length - MAX_LISTED)} more ${what}`);
}

function renderProblem({ line, message }: Problem): string {
  return line === undefined ? message : `line ${String(line)}: ${message}`;
}

function open(file: string | undefined): ReturnType<typeof openInput> {
  return openInput(file === '-' ? undefined : file);
}

/** Ends the process without an error line: what is wrong has been printed. */
function finishWith(code: ExitCode): void {
  process.exitCode = code;
}
