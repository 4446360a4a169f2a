import type { Logger } from '../logging/logger.js';

/** Names as the Python SDK writes them, so that what reads its METRIC lines reads these. */
export type MetricName =
  | 'record_count'
  | 'batch_count'
  | 'http_request_duration'
  | 'http_request_count'
  | 'job_duration'
  | 'sync_duration'
  | 'batch_processing_time'
  | (string & {});

export type MetricTags = Readonly<Record<string, string | number | boolean | null>>;

/** Writes `METRIC: {"type","metric","value","tags"}` lines to the log at level info. */
export class Metrics {
  constructor(private readonly logger: Logger) {}

  /** A count of things since the last point of the same metric and tags. */
  counter(metric: MetricName, value: number, tags: MetricTags = {}): void {
    this.#point('counter', metric, value, tags);
  }

  /** A duration in seconds. */
  timer(metric: MetricName, seconds: number, tags: MetricTags = {}): void {
    this.#point('timer', metric, seconds, tags);
  }

  /** A value at this moment. */
  gauge(metric: MetricName, value: number, tags: MetricTags = {}): void {
    this.#point('gauge', metric, value, tags);
  }

  #point(type: 'counter' | 'timer' | 'gauge', metric: string, value: number, tags: MetricTags): void {
    if (!this.logger.isEnabled('info')) return;
    const point = { type, metric, value, tags };
    const stream = tags['stream'];
    this.logger.info(`METRIC: ${JSON.stringify(point)}`, {
      metric: point,
      ...(typeof stream === 'string' ? { stream } : {}),
    });
  }
}
