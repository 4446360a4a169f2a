import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Difference } from './findings.mjs';

/** The layout of the file; a reader refuses others. */
const FORMAT = 1;

/**
 * One question with its answer, as a recording keeps it.
 *
 * @typedef {object} Exchange
 * @property {string} suite
 * @property {string} ask a statement, or a request
 * @property {unknown} [answer] rows, or what is known of them
 * @property {string} [code] the code that it was refused with
 */

/** Keeps what was asked and answered, without what tells whose account it was. */
export class Recording {
  /** @type {Exchange[]} */
  exchanges = [];
  #private;

  /** @param {Record<string, string | undefined>} names what is left out of a recording: by a word that stands for it, the name */
  constructor(names) {
    this.#private = Object.entries(names)
      .filter(([, name]) => name)
      .sort(([, a], [, b]) => b.length - a.length);
  }

  /** @param {Exchange} exchange */
  add(exchange) {
    this.exchanges.push(JSON.parse(this.#anonymous(JSON.stringify(exchange))));
  }

  #anonymous(text) {
    return this.#private.reduce(
      (rest, [word, name]) => withoutName(rest, JSON.stringify(name).slice(1, -1), word),
      text,
    );
  }

  /**
   * Writes the file, `<folder>/<date>.json`, or with a number where the day has one already.
   *
   * @param {string} folder
   * @param {{ date: string, versions: Record<string, string>, findings: import('./findings.mjs').Finding[] }} more
   * @returns {Promise<string>} its path
   */
  async write(folder, { date, versions, findings }) {
    const content = JSON.parse(this.#anonymous(JSON.stringify({ findings })));
    const text = `${JSON.stringify({ format: FORMAT, date, versions, ...content, exchanges: this.exchanges }, undefined, 2)}\n`;
    await mkdir(folder, { recursive: true });
    for (let number = 1; ; number += 1) {
      const file = path.join(folder, `${date}${number === 1 ? '' : `-${number}`}.json`);
      try {
        await writeFile(file, text, { flag: 'wx' });
        return file;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
    }
  }
}

/** Only whole words: a warehouse that is called `WH` must not cut up other names. */
function withoutName(text, name, word) {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![A-Za-z0-9_])${escaped}(?![A-Za-z0-9_])`, 'gi'), `<${word}>`);
}

/**
 * Reads a recording.
 *
 * @returns {Promise<{ date: string, versions: Record<string, string>, exchanges: Exchange[] }>}
 * @throws when the file is none
 */
export async function readRecording(file) {
  const recording = JSON.parse(await readFile(file, 'utf8'));
  if (recording?.format !== FORMAT || !Array.isArray(recording.exchanges))
    throw new Error(`it is not a recording of certify (format ${FORMAT})`);
  return recording;
}

/**
 * Where two runs were answered differently: one check for each question that both asked.
 *
 * @param {Exchange[]} recorded
 * @param {Exchange[]} now
 * @returns {{ name: string, body: () => Promise<void> }[]}
 */
export function compareExchanges(recorded, now) {
  const answers = new Map(withPlaces(now));
  return withPlaces(recorded)
    .filter(([key]) => answers.has(key))
    .map(([key, one]) => ({
      name: one.ask,
      body: async () => {
        const expected = shown(one);
        const came = shown(answers.get(key));
        if (expected !== came) throw new Difference({ expected: `as recorded, ${expected}`, came });
      },
    }));
}

const shown = ({ answer, code }) => (code === undefined ? JSON.stringify(answer) : `refused with ${code}`);

/** The same statement may be asked several times in a suite: its place among them tells them apart. */
function withPlaces(exchanges) {
  const seen = new Map();
  return exchanges.map((one) => {
    const key = JSON.stringify([one.suite, one.ask]);
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return [`${key}#${seen.get(key)}`, one];
  });
}
