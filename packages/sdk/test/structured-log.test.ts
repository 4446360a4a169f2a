import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { errorDetail } from '../src/errors/describe-error.js';
import { NetworkError } from '../src/errors/source-errors.js';
import { Logger } from '../src/logging/logger.js';
import { renderStructured } from '../src/logging/render.js';
import { Metrics } from '../src/metrics/metrics.js';

describe('structured lines', () => {
  it('are parsed by Meltano itself: levels, streams, metrics, exceptions with causes', () => {
    const lines: string[] = [];
    const logger = new Logger('tap-x', 'info', (line) => lines.push(line), renderStructured);
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
    const python = path.resolve(import.meta.dirname, '../../../.venvs/meltano/bin/python');
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
        ['NetworkError', 'no way there', expect.stringContaining('structured-log.test'), 'TypeError', 'deep\nbelow'],
      ],
    ]);
  });
});
