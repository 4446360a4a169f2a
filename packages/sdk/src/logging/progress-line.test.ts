import { jest } from '@jest/globals';
import { ProgressLine } from './progress-line.js';

describe('ProgressLine', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const terminal = (
    isTTY: boolean,
  ): { written: string[]; isTTY: boolean; columns: number; write: (text: string) => void } => {
    const written: string[] = [];
    return { written, isTTY, columns: 20, write: (text) => void written.push(text) };
  };

  it('shows one line that fits, and takes it away before other lines and at the end', () => {
    const screen = terminal(true);
    const line = new ProgressLine(screen);
    let count = 0;
    line.start(() => `${(count += 1)} ${'x'.repeat(50)}`);
    jest.advanceTimersByTime(1000);
    line.clear();
    line.clear();
    line.stop();
    jest.advanceTimersByTime(5000);
    const erase = '\r\u001B[2K';
    expect(screen.written).toEqual([`${erase}1 ${'x'.repeat(17)}`, `${erase}2 ${'x'.repeat(17)}`, erase]);
  });

  it('writes nothing where nobody watches', () => {
    const screen = terminal(false);
    const line = new ProgressLine(screen);
    line.start(() => 'x');
    jest.advanceTimersByTime(5000);
    line.stop();
    expect(screen.written).toEqual([]);
  });
});
