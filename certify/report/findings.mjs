/** What a check can come to, in the order of the table's columns. */
export const OUTCOMES = /** @type {const} */ (['holds', 'differs', 'not permitted', 'not tried']);

/** @typedef {typeof OUTCOMES[number]} Outcome */

/**
 * What one check came to.
 *
 * @typedef {object} Finding
 * @property {string} suite
 * @property {string} name
 * @property {Outcome} outcome
 * @property {string} [expected]
 * @property {string} [came]
 * @property {string} [reason] why it was not tried or not permitted
 * @property {boolean} [harmless] a difference on which nothing here depends
 */

/** What came is not what was expected. */
export class Difference extends Error {
  constructor({ expected, came, harmless = false }) {
    super(`expected ${expected}, came ${came}`);
    Object.assign(this, { expected, came, harmless });
  }
}

/** A check that cannot be made with these settings or these data. */
export class NotTried extends Error {}

/** The role, or the token, may not do what a check needs. */
export class NotPermitted extends Error {}

/** Collects what the checks of all suites come to. */
export class Findings {
  /** @type {Finding[]} */
  all = [];

  /** @param {(finding: Finding) => void} onFinding told of each at once, so that a long run shows where it is */
  constructor(onFinding = () => undefined) {
    this.onFinding = onFinding;
  }

  /** @param {Finding} finding */
  add(finding) {
    this.all.push(finding);
    this.onFinding(finding);
  }

  /** Whether there is a difference that matters. */
  get differs() {
    return this.all.some(({ outcome, harmless }) => outcome === 'differs' && !harmless);
  }
}

/**
 * Runs one check and keeps what it comes to.
 *
 * @param {Findings} findings
 * @param {{ suite: string, name: string, isFatal: (error: unknown) => boolean }} check `isFatal`: an error that ends everything
 * @param {() => Promise<unknown>} body returns where it holds, throws {@link Difference}, {@link NotTried}, {@link NotPermitted} or anything else
 */
export async function check(findings, { suite, name, isFatal }, body) {
  try {
    await body();
    findings.add({ suite, name, outcome: 'holds' });
  } catch (error) {
    if (isFatal(error)) throw error;
    if (error instanceof NotTried) findings.add({ suite, name, outcome: 'not tried', reason: error.message });
    else if (error instanceof NotPermitted)
      findings.add({ suite, name, outcome: 'not permitted', reason: error.message });
    else if (error instanceof Difference) {
      const { expected, came, harmless } = error;
      findings.add({ suite, name, outcome: 'differs', expected, came, ...(harmless && { harmless }) });
    } else findings.add({ suite, name, outcome: 'differs', expected: 'an answer', came: error.message });
  }
}
