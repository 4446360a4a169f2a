/** `node --import` this to learn what a whole process has used. */
import { reportUsage } from './usage.mjs';

process.on('exit', () => reportUsage());
