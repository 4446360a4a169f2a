import path from 'node:path';
import { root } from '../ci/run-tool.js';

interface Frame {
  at: number;
  lines: { colour?: number; text: string }[][];
}

describe('the drawing of a recorded terminal', () => {
  let draw: (frames: Frame[], options: { columns: number; command: string }) => string;
  beforeAll(async () => {
    ({ drawRecording: draw } = (await import(path.join(root, 'scripts/lib/terminal-svg.mjs'))) as {
      drawRecording: typeof draw;
    });
  });
  const frame = (at: number, ...lines: string[]): Frame => ({ at, lines: lines.map((text) => [{ text }]) });

  it('shows what is new once, waits no longer than a second for it, and ends with the last screen', () => {
    const svg = draw(
      [
        frame(0, '⠋ Compile'),
        frame(200, '⠙ Compile'),
        frame(60_000, '✔ Compile'),
        frame(61_000, '✔ Compile', '<a> & "b"'),
      ],
      { columns: 20, command: 'npm start' },
    );
    expect(svg.match(/<g transform/g)).toHaveLength(3);
    expect(svg.match(/✔ Compile/g)).toHaveLength(1);
    expect(svg).toContain('&lt;a&gt; &amp; "b"');
    expect(Number(/animation:film ([\d.]+)s/.exec(svg)?.[1])).toBeLessThan(12);
    // A screen without motion, and one that cannot play it, shows the end.
    expect(svg).toMatch(/\.film\{transform:translateX\(-336px\)/);
    expect(svg).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });
});
