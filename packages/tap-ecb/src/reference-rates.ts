import type { RestApi } from '@singer-io-ts/sdk';
import { parseHistory } from './parse-history.js';
import { parseReferenceXml } from './parse-reference-xml.js';
import type { Rate } from './rate.js';

const FOLDER = '/stats/eurofxref';

/** An answer of the ECB: rates, and the server's clock when it gave them. */
export interface RateFile {
  readonly rates: readonly Rate[];
  readonly serverDateMs: number | undefined;
}

/** The files that the ECB publishes, checked: an answer in another shape is retried and then fails, it never means "no rates". */
export class ReferenceRates {
  constructor(private readonly api: RestApi) {}

  /** The last published day. */
  async daily(): Promise<RateFile> {
    return this.#get('eurofxref-daily.xml', (body) => parseReferenceXml(body.toString('utf8')));
  }

  /** The last 90 days. */
  async ninetyDays(): Promise<RateFile> {
    return this.#get('eurofxref-hist-90d.xml', (body) => parseReferenceXml(body.toString('utf8')));
  }

  /** Every day since 1999. */
  async history(): Promise<RateFile> {
    return this.#get('eurofxref-hist.zip', parseHistory);
  }

  async #get(file: string, parse: (body: Buffer) => Rate[]): Promise<RateFile> {
    return this.api.read({ path: `${FOLDER}/${file}` }, ({ body, serverDateMs }) => ({
      rates: parse(body),
      serverDateMs,
    }));
  }
}
