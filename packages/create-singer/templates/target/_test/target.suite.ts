import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { parseJson, type JsonObject } from '@singer-io-ts/sdk';
import { testTarget } from '@singer-io-ts/sdk/testing';
import { target } from '../src/target.js';

describe('target-example', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'target-example-'));
  after(() => rmSync(folder, { recursive: true }));

  testTarget({
    target,
    test,
    appends: true,
    config: (caseName) => ({ folder: path.join(folder, caseName) }),
    rows: async (stream, caseName) =>
      readFileSync(path.join(folder, caseName, `${encodeURIComponent(stream)}.jsonl`), 'utf8')
        .trim()
        .split('\n')
        .map((line) => parseJson(line) as JsonObject),
  });
});
