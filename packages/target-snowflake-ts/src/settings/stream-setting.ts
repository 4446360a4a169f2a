import type { Config, StreamOverride } from './settings.js';

/** What is set for one stream alone. */
export function overrideOf({ streams }: Pick<Config, 'streams'>, stream: string): StreamOverride | undefined {
  return streams && Object.hasOwn(streams, stream) ? streams[stream] : undefined;
}

/** A setting for one stream: the stream's own, else the common one. */
export function streamSetting<K extends keyof StreamOverride & keyof Config>(
  config: Config,
  stream: string,
  setting: K,
): Config[K] {
  const own = overrideOf(config, stream)?.[setting];
  return own === undefined ? config[setting] : (own as Config[K]);
}
