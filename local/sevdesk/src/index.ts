export { DEFAULT_TOKEN, LocalSevdesk } from './server.js';
export type { LocalSevdeskOptions } from './server.js';
