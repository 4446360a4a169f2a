export { targetSnowflake } from './definition.js';
export { configSchema, type Config, type LoadMethod, type StreamOverride } from './config.js';
export { VERSION } from './version.js';
export { SnowflakeWarehouse, type ConnectionConfig, type SnowflakeOptions } from './warehouse/snowflake.js';
export type { Row, Session, Upload, Warehouse } from './warehouse/session.js';
