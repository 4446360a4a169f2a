import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  defineTarget,
  object,
  RecordTarget,
  required,
  string,
  stringifyJson,
  type RecordBatch,
} from '@singer-io-ts/sdk';

class FolderTarget extends RecordTarget {
  constructor(private readonly folder: string) {
    super();
  }

  override async write({ stream, records }: RecordBatch): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const file = path.join(this.folder, `${encodeURIComponent(stream)}.jsonl`);
    await appendFile(file, records.map((record) => `${stringifyJson(record)}\n`).join(''), { flush: true });
  }
}

export const target = defineTarget({
  name: 'target-folder',
  version: '0.1.0',
  description: 'Appends each stream to a file of JSON lines.',
  configSchema: object({ folder: required(string({ description: 'Where the files go.' })) }),
  open: ({ config }) => new FolderTarget(config.folder),
});
