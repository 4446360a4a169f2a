import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { RecordTarget, stringifyJson, type RecordBatch } from '@singer-io-ts/sdk';

/** One file of JSON lines for each stream. */
export class JsonLinesTarget extends RecordTarget {
  constructor(private readonly folder: string) {
    super();
  }

  /** Makes a batch durable. The state that stood before it leaves only when this has returned. */
  override async write({ stream, records }: RecordBatch): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const file = path.join(this.folder, `${encodeURIComponent(stream)}.jsonl`);
    await appendFile(file, records.map((record) => `${stringifyJson(record)}\n`).join(''), { flush: true });
  }
}
