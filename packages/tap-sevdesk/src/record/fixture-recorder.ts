import { accessSync, constants, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, type JsonObject, makeFolder, stringifyJson, UsageError } from '@singer-io-ts/sdk';
import { parseJsonBody } from '@singer-io-ts/sdk/http';
import { Pseudonymizer } from './pseudonymizer.js';

/** Objects kept of each endpoint: few enough to look through. */
const OBJECTS_PER_ENDPOINT = 8;

/**
 * Keeps one object of each shape that was fetched, a few of each endpoint, and writes them, anonymised, as
 * `<Endpoint>.json` in the service's form.
 */
export class FixtureRecorder {
  readonly #folder: string;
  readonly #pseudonyms: Pseudonymizer;
  readonly #objects = new Map<string, Map<string, JsonObject>>();

  /** @throws UsageError when the folder cannot be made */
  constructor(folder: string, key: string) {
    this.#folder = folder;
    this.#pseudonyms = new Pseudonymizer(key);
    try {
      makeFolder(folder);
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw new UsageError({ message: `the folder ${folder}, given to --record, cannot be made or written to`, cause });
    }
  }

  /** Notes an answer of an endpoint such as `/Invoice`. */
  add(endpoint: string, bytes: Buffer): void {
    const body = parseJsonBody(bytes, endpoint);
    if (!isJsonObject(body) || !Array.isArray(body['objects'])) return;
    const name = endpoint.slice(1);
    const kept = this.#objects.get(name) ?? new Map<string, JsonObject>();
    this.#objects.set(name, kept);
    for (const object of body['objects']) {
      if (kept.size >= OBJECTS_PER_ENDPOINT) return;
      if (!isJsonObject(object)) continue;
      const shape = shapeOf(object);
      if (!kept.has(shape)) kept.set(shape, object);
    }
  }

  /** Writes the files and answers how many. */
  write(): number {
    for (const [name, kept] of this.#objects) {
      const objects = [...kept.values()].map((object) => stringifyJson(this.#pseudonyms.object(object)));
      const text = `{"total":"${objects.length}","objects":[\n${objects.join(',\n')}\n]}\n`;
      writeFileSync(path.join(this.#folder, `${name}.json`), text);
    }
    return this.#objects.size;
  }
}

/** Which fields an object has, and what kind of value each has; and what kind of document it is. */
function shapeOf(object: JsonObject): string {
  const kinds = ['invoiceType', 'orderType', 'status'].map((name) => stringifyJson([object[name] ?? null]));
  return [
    ...Object.entries(object).map(([name, value]) => `${name}:${value === null ? 'null' : typeof value}`),
    ...kinds,
  ].join();
}
