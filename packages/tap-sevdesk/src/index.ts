export { createTap } from './tap.js';
export { configSchema, type SevdeskConfig } from './config.js';
