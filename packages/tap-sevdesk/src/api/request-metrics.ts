import type { Metrics } from '@singer-io-ts/sdk';
import type { RequestReport } from '@singer-io-ts/sdk/http';

interface Total {
  endpoint: string;
  status: number | null;
  count: number;
  durationMs: number;
}

/** Counts requests by endpoint and status; a line for each request would be a line for each page. */
export class RequestMetrics {
  readonly #totals = new Map<string, Total>();

  add({ endpoint, status, durationMs }: RequestReport): void {
    const key = `${endpoint} ${status ?? '-'}`;
    let total = this.#totals.get(key);
    if (!total) this.#totals.set(key, (total = { endpoint, status: status ?? null, count: 0, durationMs: 0 }));
    total.count += 1;
    total.durationMs += durationMs;
  }

  /** Writes what was counted: the number of requests and the time that they took together. */
  report(metrics: Metrics): void {
    for (const { endpoint, status, count, durationMs } of this.#totals.values()) {
      const tags = { endpoint, http_status_code: status };
      metrics.counter('http_request_count', count, tags);
      metrics.timer('http_request_duration', durationMs / 1000, tags);
    }
    this.#totals.clear();
  }
}
