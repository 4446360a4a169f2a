export { targetSnowflake } from './definition.js';
export { configSchema, type Config, type LoadMethod, type StreamOverride } from './settings/settings.js';
export { VERSION } from './version.js';
