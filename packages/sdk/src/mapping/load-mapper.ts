import type { JsonObject } from '../json/json-value.js';
import type { StreamMapper } from './mapped-stream.js';
import { readMappingSettings } from './mapping-settings.js';

/** The mapper that a plugin's settings ask for, if they ask for one; the expression language is loaded only then. */
export async function loadMapper(config: Readonly<JsonObject>): Promise<StreamMapper | undefined> {
  const settings = readMappingSettings(config);
  if (!settings) return undefined;
  const { createMapper } = await import('./create-mapper.js');
  return createMapper(settings);
}
