export { targetSnowflake } from './definition.js';
export { configSchema, type Config, type LoadMethod, type StreamOverride } from './config.js';
export { VERSION } from './version.js';
