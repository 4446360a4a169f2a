import type { Config, StreamOverride } from './settings.js';

/** A setting for one stream: the stream's own, else the common one. */
export function streamSetting<K extends keyof StreamOverride & keyof Config>(
  config: Config,
  stream: string,
  setting: K,
): Config[K] {
  const own = config.streams?.[stream]?.[setting];
  return own === undefined ? config[setting] : (own as Config[K]);
}
