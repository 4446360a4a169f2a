export { DEFAULT_TOKEN, LocalSevdesk } from './local-sevdesk.js';
export type { LocalSevdeskOptions } from './local-sevdesk.js';
