export { createTap } from './tap.js';
export { configSchema, type EcbConfig } from './config.js';
