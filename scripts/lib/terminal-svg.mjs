const LETTER = { width: 8.4, height: 18, size: 14 };
const MARGIN = 16;
/** What is not worth a look: how long a frame stays at most, and the last one. */
const LONGEST_MS = 900;
const LAST_MS = 8000;
const BACKGROUND = '#0d1117';
const INK = '#e6edf3';
/** The sixteen colours of a terminal, on a dark ground. */
const PALETTE = [
  '#6e7681 #ff7b72 #3fb950 #d29922 #58a6ff #bc8cff #39c5cf #b1bac4',
  '#8b949e #ffa198 #56d364 #e3b341 #79c0ff #d2a8ff #56d4dd #ffffff',
].flatMap((colours) => colours.split(' '));

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const textOf = (runs) =>
  runs
    .map(({ text }) => text)
    .join('')
    .trimEnd();
/** A spinner that turns is no news. */
const withoutSpinner = (text) => text.replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '⠋');

/** Only the frames that tell something new, each with how long it is shown. */
function worthShowing(frames) {
  const kept = frames.filter((frame, index) => {
    const text = (one) => withoutSpinner(one.lines.map(textOf).join('\n'));
    return index === frames.length - 1 || text(frame) !== text(frames[index + 1]);
  });
  return kept.map((frame, index) => {
    const before = kept[index - 1]?.at ?? frame.at - LONGEST_MS;
    const isLast = index === kept.length - 1;
    return { ...frame, milliseconds: isLast ? LAST_MS : Math.min(frame.at - before, LONGEST_MS) };
  });
}

function drawLine(runs) {
  let column = 0;
  const parts = runs.flatMap(({ text, colour }) => {
    const x = column * LETTER.width;
    column += [...text].length;
    if (text.trim() === '') return [];
    const fill = colour === undefined || colour >= PALETTE.length ? '' : ` fill="${PALETTE[colour]}"`;
    // Every run at its place, and as wide as a terminal makes it, whatever the font.
    const length = ([...text.trimEnd()].length * LETTER.width).toFixed(1);
    return `<tspan x="${x.toFixed(1)}" textLength="${length}"${fill}>${escape(text.trimEnd())}</tspan>`;
  });
  return parts.join('');
}

/**
 * Draws what a terminal showed as an SVG that plays by itself, over and over, without a script; who asked for less motion sees the end.
 * Each line is held once, however many frames show it.
 *
 * @param {{ at: number, lines: { colour?: number, text: string }[][] }[]} frames
 * @param {{ columns: number, command: string }} options
 */
export function drawRecording(frames, { columns, command }) {
  const shown = worthShowing(frames);
  const rows = Math.max(...shown.map(({ lines }) => lines.findLastIndex((runs) => textOf(runs) !== '') + 1)) + 2;
  const [width, height] = [Math.ceil(columns * LETTER.width), rows * LETTER.height];
  const prompt = [{ colour: 2, text: '$ ' }, { text: command }];
  const ids = new Map();
  const idOf = (runs) => {
    const drawn = drawLine(runs);
    if (!ids.has(drawn)) ids.set(drawn, `l${ids.size}`);
    return ids.get(drawn);
  };
  const drawFrame = ({ lines }, index) =>
    `<g transform="translate(${index * width} 0)">${[prompt, [], ...lines]
      .map((runs, row) =>
        textOf(runs) === '' ? '' : `<use href="#${idOf(runs)}" y="${(row + 1) * LETTER.height - 5}"/>`,
      )
      .join('')}</g>`;
  const drawnFrames = shown.map(drawFrame).join('\n');
  const total = shown.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  let at = 0;
  const steps = shown.map(({ milliseconds }, index) => {
    const step = `${((at / total) * 100).toFixed(2)}%{transform:translateX(${-index * width}px)}`;
    at += milliseconds;
    return step;
  });
  const last = -(shown.length - 1) * width;
  const [fullWidth, fullHeight] = [width + 2 * MARGIN, height + 2 * MARGIN];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fullWidth} ${fullHeight}" width="${fullWidth}" height="${fullHeight}" role="img" aria-label="What ${escape(command)} shows in a terminal">
<style>
text{font:${LETTER.size}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}
.film{transform:translateX(${last}px);animation:film ${(total / 1000).toFixed(1)}s step-end infinite}
@keyframes film{${steps.join('')}}
@media (prefers-reduced-motion:reduce){.film{animation:none}}
</style>
<rect width="100%" height="100%" rx="10" fill="${BACKGROUND}"/>
<defs>${[...ids].map(([drawn, id]) => `<text id="${id}" fill="${INK}" xml:space="preserve">${drawn}</text>`).join('\n')}</defs>
<svg x="${MARGIN}" y="${MARGIN}" width="${width}" height="${height}" overflow="hidden"><g class="film">
${drawnFrames}
</g></svg>
</svg>
`;
}
