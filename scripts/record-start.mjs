/**
 * `node scripts/record-start.mjs`: runs `npm start` in a terminal, on an empty folder of its own, and makes `docs/images/npm-start.svg` of what it
 * shows. Waiting is shortened; nothing else is changed. Needs `script` of util-linux.
 */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import xterm from '@xterm/headless';
import { readArguments } from './lib/arguments.mjs';
import { main } from './lib/main.mjs';
import { inRoot } from './lib/paths.mjs';
import { startProcess } from './lib/processes.mjs';
import { drawRecording } from './lib/terminal-svg.mjs';

const USAGE = `usage: node scripts/record-start.mjs

Runs npm start on an empty folder and draws what the terminal shows into docs/images/npm-start.svg.

Environment variables
  LOCAL_SNOWFLAKE_PORT, LOCAL_SEVDESK_PORT, LOCAL_ECB_PORT   as for npm start
`;

const COLUMNS = 100;
const ROWS = 56;
const SAMPLE_MS = 200;
const FILE = 'docs/images/npm-start.svg';
/** The day of the README's ranking. */
const DAY = '2026-10-30';

readArguments(USAGE);

/** Runs the command in a terminal; resolves to what stood on the screen, a frame for each sample that differs. */
async function record(command, env) {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  const child = startProcess('script', ['-qfec', `stty cols ${COLUMNS} rows ${ROWS}; ${command}`, '/dev/null'], {
    cwd: inRoot(),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  child.stdout.on('data', (chunk) => terminal.write(chunk));
  const frames = [];
  const timer = setInterval(() => frames.push({ at: Date.now(), lines: screenOf(terminal) }), SAMPLE_MS);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  await new Promise((resolve) => terminal.write('', resolve));
  if (code !== 0) throw new Error(`${command} ended with ${code}; nothing was drawn`);
  return [...frames, { at: Date.now(), lines: screenOf(terminal) }];
}

/** The lines of the screen as runs of cells that look the same. */
function screenOf({ buffer: { active } }) {
  return Array.from({ length: ROWS }, (_, row) => {
    const line = active.getLine(active.viewportY + row);
    const runs = [];
    for (let column = 0; column < COLUMNS; column += 1) {
      const cell = line?.getCell(column);
      const text = cell?.getChars() || ' ';
      const colour = cell?.isFgPalette() ? cell.getFgColor() : undefined;
      const last = runs.at(-1);
      if (last !== undefined && last.colour === colour) last.text += text;
      else runs.push({ colour, text });
    }
    return runs;
  });
}

await main(async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'npm-start-'));
  try {
    const frames = await record('npm start --silent', {
      LOCAL_DIR: dataDir,
      LOCAL_SEVDESK_TODAY: DAY,
      FORCE_COLOR: '1',
    });
    await writeFile(inRoot(FILE), drawRecording(frames, { columns: COLUMNS, command: 'npm start' }));
    process.stdout.write(`${FILE}\n`);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
