import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '../json/json-value.js';
import { parseJson } from '../json/lossless.js';
import type { HttpResponse } from './http-response.js';

/** An answer as rules look at it. */
export class Answer {
  readonly status: number;
  #json: { value: JsonValue | undefined } | undefined;

  constructor(private readonly response: HttpResponse) {
    this.status = response.status;
  }

  /** A header's value, by its lower-case name. */
  readonly header = (name: string): string | undefined => this.response.header(name);

  /** The body as text; empty where it is not UTF-8. */
  get text(): string {
    return isUtf8(this.response.body) ? this.response.body.toString('utf8') : '';
  }

  /** The body as JSON; undefined where it is none. */
  get json(): JsonValue | undefined {
    this.#json ??= { value: this.#parse() };
    return this.#json.value;
  }

  #parse(): JsonValue | undefined {
    try {
      return parseJson(this.text);
    } catch {
      return undefined;
    }
  }
}
