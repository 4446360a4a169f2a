import { ConfigurationError, EXIT_CONFIGURATION } from './configuration-error.mjs';
import { numberProblem } from './number-problem.mjs';

/**
 * The sizes of a benchmark from environment variables; one that is empty counts as not set. What is wrong with them ends the benchmark at
 * once, with a line for each.
 *
 * @param {Record<string, number | number[]>} defaults by variable; a list takes numbers with commas between them
 */
export function readBenchSettings(defaults) {
  const problems = [];
  const values = Object.entries(defaults).map(([variable, fallback]) => {
    const text = process.env[variable]?.trim();
    if (!text) return [variable, fallback];
    const parts = Array.isArray(fallback) ? text.split(',').map((part) => part.trim()) : [text];
    const problem = parts.map((part) => numberProblem(variable, part, { minimum: 1 })).find((one) => one);
    if (problem !== undefined) problems.push(problem);
    return [variable, Array.isArray(fallback) ? parts.map(Number) : Number(text)];
  });
  if (problems.length > 0) {
    process.stderr.write(`${new ConfigurationError(problems).message}\n`);
    process.exit(EXIT_CONFIGURATION);
  }
  return Object.fromEntries(values);
}
