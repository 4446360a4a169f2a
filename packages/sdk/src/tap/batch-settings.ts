import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../errors/config-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import type { BatchFiles } from '../messages/batching-writer.js';
import type { JsonSchema } from '../schema/json-schema.js';

const DEFAULT_BATCH_SIZE = 10_000;

/** The setting that makes a tap write files of records and BATCH messages, under the Python SDK's name. */
const BATCH_SETTING: JsonSchema = {
  type: 'object',
  description:
    'Write records to files and announce them in BATCH messages: encoding, storage.root (a file:// URL), batch_size.',
  properties: {
    encoding: {
      type: 'object',
      properties: { format: { enum: ['jsonl'] }, compression: { enum: ['gzip', 'none'] } },
    },
    storage: {
      type: 'object',
      required: ['root'],
      properties: { root: { type: 'string' }, prefix: { type: 'string' } },
    },
    batch_size: { type: 'integer', minimum: 1 },
  },
  required: ['storage'],
};

/** A tap's settings with that of batches; what the tap says itself stands. */
export function withBatchSetting(configSchema: JsonSchema): JsonSchema {
  const own = configSchema.properties?.['batch_config'];
  return { ...configSchema, properties: { ...configSchema.properties, batch_config: own ?? BATCH_SETTING } };
}

/**
 * Reads the setting.
 *
 * @param run what tells this run from others; part of the names of files
 * @returns undefined when records are to be messages
 * @throws {ConfigError} when files are to go where this tap cannot write
 */
export function readBatchSetting({ batch_config: setting }: Readonly<JsonObject>, run: string): BatchFiles | undefined {
  if (!isJsonObject(setting)) return undefined;
  const { encoding, storage, batch_size: size } = setting;
  const { root, prefix } = isJsonObject(storage) ? storage : {};
  if (typeof root !== 'string') return undefined;
  return {
    folder: folderOf(root),
    prefix: `${typeof prefix === 'string' ? prefix : ''}${run}-`,
    compression: isJsonObject(encoding) && encoding['compression'] === 'none' ? 'none' : 'gzip',
    maxRecords: typeof size === 'number' ? size : DEFAULT_BATCH_SIZE,
  };
}

function folderOf(root: string): string {
  if (!root.includes('://')) return path.resolve(root);
  try {
    return fileURLToPath(root);
  } catch (cause) {
    throw new ConfigError({
      message:
        'setting "batch_config.storage.root" must be a folder or a file:// address; other storage is not written to',
      setting: 'batch_config',
      cause,
    });
  }
}
