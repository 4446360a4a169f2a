/** So many lines of a plugin that logs no levels (dbt) tell what went wrong. */
const LAST_LINES = 25;

/**
 * What Meltano's log says of one run, gathered line by line (`MELTANO_CLI_LOG_FORMAT=json`): how many records each stream
 * moved, which plugins have finished, and what went wrong.
 */
export class MeltanoRun {
  /** Records by plugin and stream. */
  #records = new Map();
  #error;
  #lastSaid = [];
  #listener = () => undefined;
  #loadsLeft;
  #onLoaded;
  /** Resolves when everything that is to be extracted and loaded has been. */
  loaded = new Promise((resolve) => (this.#onLoaded = resolve));

  /** @param {{ loads: number }} options how many pairs of tap and target the run has */
  constructor({ loads }) {
    this.#loadsLeft = loads;
  }

  /** From now on `listener` gets each message that a person would want to see while waiting. */
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
    const plugin = entry.string_id ?? entry.name;
    const metric = entry.metric_info;
    if (metric?.metric === 'record_count' && metric.tags?.stream) {
      const key = `${plugin}/${metric.tags.stream}`;
      this.#records.set(key, (this.#records.get(key) ?? 0) + metric.value);
    } else if (!metric && typeof entry.event === 'string') {
      if (entry.string_id) this.#lastSaid = [...this.#lastSaid.slice(1 - LAST_LINES), entry.event];
      if (entry.string_id && /^(?:error|critical)$/.test(entry.level)) this.#error ??= `${plugin}: ${entry.event}`;
      if (entry.event === 'Block run completed' && entry.level === 'info' && (this.#loadsLeft -= 1) === 0)
        this.#onLoaded();
      this.#listener(`${plugin ? `${plugin}: ` : ''}${entry.event.trim()}`);
    }
  }

  /** How many records a plugin moved for a stream. */
  records(plugin, stream) {
    return this.#records.get(`${plugin}/${stream}`) ?? 0;
  }

  /** All records that a plugin moved. */
  total(plugin) {
    return [...this.#records].reduce((sum, [key, count]) => (key.startsWith(`${plugin}/`) ? sum + count : sum), 0);
  }

  /** What went wrong: the first error that a plugin logged, or else the last lines that plugins printed. */
  get whatFailed() {
    return this.#error ?? this.#lastSaid.join('\n');
  }
}
