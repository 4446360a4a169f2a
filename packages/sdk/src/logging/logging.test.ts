import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Metrics } from '../metrics/metrics.js';
import { createLogger } from './create-logger.js';
import { Logger } from './logger.js';
import { renderText } from './render.js';

const lines: string[] = [];
const loggerOf = (render: typeof renderText): Logger => new Logger('tap-x', 'info', (line) => lines.push(line), render);
beforeEach(() => lines.splice(0));

describe('a log line for people', () => {
  it('is one line with time, level and plugin', () => {
    loggerOf(renderText).warning('slow');
    expect(lines).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z WARNING tap-x: slow$/)]);
  });

  it('below the level is not written', () => {
    loggerOf(renderText).debug('detail');
    expect(lines).toEqual([]);
  });
});

describe('a metric', () => {
  it('is a line as the Python SDK writes it', () => {
    new Metrics(loggerOf(renderText)).counter('record_count', 3, { stream: 's' });
    expect(lines[0]).toMatch(
      /: METRIC: \{"type":"counter","metric":"record_count","value":3,"tags":\{"stream":"s"\}\}$/,
    );
  });
});

describe('createLogger', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'log-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('takes its level from the plugin’s variable, then LOG_LEVEL, then the file that Meltano writes', () => {
    const config = path.join(folder, 'log.json');
    writeFileSync(config, JSON.stringify({ version: 1, root: { level: 'WARNING' } }));
    const file = { SINGER_SDK_LOG_CONFIG: config };
    expect(createLogger('tap-x', {}).level).toBe('info');
    expect(createLogger('tap-x', file).level).toBe('warning');
    expect(createLogger('tap-x', { ...file, LOG_LEVEL: 'error' }).level).toBe('error');
    expect(createLogger('tap-x', { ...file, LOG_LEVEL: 'error', TAP_X_LOGLEVEL: 'DEBUG' }).level).toBe('debug');
    expect(
      createLogger('tap-x', { LOG_LEVEL: 'nonsense', SINGER_SDK_LOG_CONFIG: path.join(folder, 'none') }).level,
    ).toBe('info');
  });
});
