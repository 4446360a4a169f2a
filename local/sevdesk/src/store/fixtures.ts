import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CompanySources } from '../company/company.js';
import type { WireRecord } from '../company/wire.js';
import { listSource } from './record-source.js';
import { ENDPOINTS } from './endpoints.js';

/** Recorded answers that cannot be read; the message names the file. */
export class FixtureError extends Error {
  override readonly name = 'FixtureError';
}

function objectsIn(file: string): WireRecord[] {
  try {
    const { objects } = JSON.parse(readFileSync(file, 'utf8')) as { objects?: unknown };
    if (!Array.isArray(objects)) throw new TypeError('it has no list "objects"');
    return objects as WireRecord[];
  } catch (error) {
    throw new FixtureError(`${file} is no recorded answer: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function isFolderAt(location: string): boolean {
  try {
    return statSync(location).isDirectory();
  } catch (cause) {
    throw new FixtureError(`there is no file or folder ${location}`, { cause });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new FixtureError(`the folder ${folder} cannot be read`, { cause });
  }
}

/**
 * Reads recorded answers: a folder of `<Endpoint>.json` or `<Endpoint>.<anything>.json`, or one such file. Where two hold
 * a record of the same id, the later file in alphabetical order wins. Endpoints with no file are not among the result.
 */
export function loadFixtures(location: string): CompanySources {
  const isFolder = isFolderAt(location);
  const files = isFolder
    ? namesIn(location)
        .filter((name) => name.endsWith('.json'))
        .sort()
    : [path.basename(location)];
  const folder = isFolder ? location : path.dirname(location);
  const byEndpoint = new Map<string, Map<string, WireRecord>>();
  for (const name of files) {
    const endpoint = name.split('.')[0] ?? '';
    if (!(endpoint in ENDPOINTS)) continue;
    const records = byEndpoint.get(endpoint) ?? new Map<string, WireRecord>();
    for (const record of objectsIn(path.join(folder, name))) records.set(String(record['id']), record);
    byEndpoint.set(endpoint, records);
  }
  if (byEndpoint.size === 0)
    throw new FixtureError(`${location} holds no recorded answers; they are named <Endpoint>.json, as Invoice.json`);
  return Object.fromEntries(
    [...byEndpoint].map(([endpoint, records]) => [endpoint, listSource([...records.values()])]),
  );
}
