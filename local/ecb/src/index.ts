export { listenProblem } from './listen-problem.js';
export { LocalEcb } from './local-ecb.js';
export { loadRateHistory, parseRateHistory, shippedRatesUrl } from './rates.js';
export type { RateDay, RateHistory } from './rates.js';
