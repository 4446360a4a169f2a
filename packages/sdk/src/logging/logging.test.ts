import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { errorDetail } from '../errors/describe-error.js';
import { NetworkError } from '../errors/source-errors.js';
import { Metrics } from '../metrics/metrics.js';
import { createLogger } from './create-logger.js';
import { Logger } from './logger.js';
import { renderStructured, renderText } from './render.js';

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

describe('structured lines', () => {
  it('are parsed by Meltano itself: levels, streams, metrics, exceptions with causes', () => {
    const logger = loggerOf(renderStructured);
    const error = new NetworkError({ message: 'no way there', cause: new TypeError('deep\nbelow') });
    logger.warning('slow', { stream: 's', page: 3 });
    new Metrics(logger).timer('sync_duration', 1.5, { stream: 's' });
    logger.error('failed', { exception: errorDetail(error) });
    const script = `
import sys, json
from meltano.core.logging.parsers import get_parser_factory
parser = get_parser_factory().get_parser("singer-sdk")
for line in sys.stdin:
    r = parser.parse(line)
    e = r.exception
    print(json.dumps([r.level, r.message, r.stream_name, r.logger_name, r.extra,
        e and [e.type, e.message, e.traceback[0].filename, e.cause.type, e.cause.message]]))
`;
    const python = path.resolve('.venvs/meltano/bin/python');
    const { stdout, stderr } = spawnSync(python, ['-c', script], {
      input: lines.join('\n'),
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(stderr).toBe('');
    const common = { pid: process.pid, thread_name: 'MainThread', app_name: 'tap-x' };
    const metric = { type: 'timer', metric: 'sync_duration', value: 1.5, tags: { stream: 's' } };
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      [30, 'slow', 's', 'tap-x', { ...common, page: 3 }, null],
      [20, `METRIC: ${JSON.stringify(metric)}`, 's', 'tap-x', { ...common, metric_info: metric }, null],
      [
        40,
        'failed',
        null,
        'tap-x',
        common,
        ['NetworkError', 'no way there', expect.stringContaining('logging.test'), 'TypeError', 'deep\nbelow'],
      ],
    ]);
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
