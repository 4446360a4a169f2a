/** A line of dbt's log without its clock. */
const withoutClock = (line) => line.replace(/^\d\d:\d\d:\d\d\s?/, '').trimEnd();

/** The head of what dbt says of one node at the end: `Failure in test x (tests/x.sql)`, `Database Error in model y (models/y.sql)`. */
const HEAD = /^\s*(Failure|Warning|\w+ Error) in (\w+) (\S+) \((\S+)\)/;
const PROGRESS = /^\s*(\d+) of (\d+) START (?:sql |python )?(\w+)/;
/** What dbt says when it stops before it runs anything: a syntax error, a missing profile. */
const STOPPED_EARLY = /^Encountered an error:|^(?:Compilation|Parsing|Runtime|Dependency) Error/;

/** The node and its file, from the line that names them. */
const nodeOf = ([head]) => head.slice(head.indexOf(' in ') + 1);

/** What dbt's log says of one run, line by line: how far it is, and each node that failed with its file and dbt's own message. */
export class DbtReport {
  #problems = [];
  #block;

  /** Takes one line of the log. @returns {string | undefined} how far dbt is, where the line says so */
  take(line) {
    const said = withoutClock(line);
    const head = HEAD.exec(said);
    if (head) {
      const [, kind, type, name, file] = head;
      this.#begin(kind === 'Warning' ? undefined : `dbt: ${kind.toLowerCase()} in ${type} ${name}, dbt/${file}`);
    } else if (!this.#block && STOPPED_EARLY.test(said.trim())) this.#begin('dbt stopped before it built anything');
    else if (/^\s*Done\. PASS=/.test(said)) this.#block = undefined;
    else if (said.trim() !== '') this.#block?.push(`  ${said.trim()}`);
    const progress = PROGRESS.exec(said);
    return progress ? `${progress[3]} ${progress[1]} of ${progress[2]}` : undefined;
  }

  #begin(head) {
    this.#block = head === undefined ? [] : [head];
    if (head !== undefined) this.#problems.push(this.#block);
  }

  /** Each node that failed: a line that names it and its file, then dbt's message. Empty when nothing failed. */
  get problems() {
    // dbt names a node that has a message of its own twice, the first time without it.
    const told = new Set(this.#problems.filter((lines) => lines.length > 1).map(nodeOf));
    return this.#problems
      .filter((lines) => lines.length > 1 || !told.has(nodeOf(lines)))
      .map((lines) => lines.join('\n'))
      .join('\n');
  }
}
