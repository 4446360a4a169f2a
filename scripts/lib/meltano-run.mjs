import { DbtReport } from './dbt-report.mjs';

/** How many of its last lines tell what went wrong with a plugin that logs no levels. */
const LAST_LINES = 10;

/**
 * What Meltano's log says of one run, gathered line by line (`MELTANO_CLI_LOG_FORMAT=json`): how many records each stream
 * moved, how far dbt is, which plugins have finished, and what went wrong.
 */
export class MeltanoRun {
  /** Records by plugin and stream. */
  #records = new Map();
  #errors = new Set();
  /** The last lines by plugin. */
  #lastSaid = new Map();
  #ownError;
  #dbt = new DbtReport();
  #listener = () => undefined;

  /** From now on `listener` gets each step that a person would want to see while waiting. */
  onProgress(listener) {
    this.#listener = listener;
  }

  /** Takes one line of the log. */
  take(line) {
    let entry;
    try {
      entry = JSON.parse(line);
    } catch {
      return;
    }
    if (entry.metric_info) this.#takeMetric(entry);
    else if (typeof entry.event === 'string') this.#takeEvent(entry);
  }

  #takeMetric({ string_id: id, name, metric_info: { metric, tags, value } }) {
    if (metric !== 'record_count' || !tags?.stream) return;
    const plugin = id ?? name;
    const key = `${plugin}/${tags.stream}`;
    this.#records.set(key, (this.#records.get(key) ?? 0) + value);
    if (plugin.startsWith('tap-')) this.#listener(`${plugin}: ${this.total(plugin)} records, now ${tags.stream}`);
  }

  #takeEvent({ string_id: id, cmd_type: command, name, event, level, err }) {
    if (event === 'Block run completed') {
      if (level === 'error') this.#ownError ??= String(err ?? event);
      return;
    }
    if (command === 'command') {
      const progress = this.#dbt.take(event);
      if (progress) this.#listener(`dbt: ${progress}`);
    }
    const plugin = id ?? (command === 'command' ? name : undefined);
    if (!plugin || event.trim() === '') return;
    const said = this.#lastSaid.get(plugin) ?? [];
    this.#lastSaid.set(plugin, [...said.slice(1 - LAST_LINES), event.trim()]);
    if (/^(?:error|critical)$/.test(level)) this.#errors.add(`${plugin}: ${event.trim()}`);
  }

  /** How many records a plugin moved for a stream. */
  records(plugin, stream) {
    return this.#records.get(`${plugin}/${stream}`) ?? 0;
  }

  /** All records that a plugin moved. */
  total(plugin) {
    return [...this.#records].reduce((sum, [key, count]) => (key.startsWith(`${plugin}/`) ? sum + count : sum), 0);
  }

  /** How many streams a plugin moved records of. */
  streams(plugin) {
    return [...this.#records].filter(([key, count]) => key.startsWith(`${plugin}/`) && count > 0).length;
  }

  /** What went wrong: the failing dbt nodes, else the errors that plugins logged, else the last lines of the plugin that failed. */
  get whatFailed() {
    if (this.#dbt.problems !== '') return this.#dbt.problems;
    if (this.#errors.size > 0) return [...this.#errors].join('\n');
    const failed = [...this.#lastSaid.keys()].find((plugin) => this.#ownError?.includes(plugin));
    const said = failed === undefined ? [] : this.#lastSaid.get(failed);
    return [this.#ownError, ...said].filter(Boolean).join('\n');
  }
}
