import { refuseSettings } from './configuration-error.mjs';

/** What is wrong with a number; undefined when nothing is. */
export function numberProblem(variable, text, { minimum = 0, maximum = 1e9 } = {}) {
  if (/^\d{1,10}$/.test(text) && Number(text) >= minimum && Number(text) <= maximum) return undefined;
  return `${variable} must be a whole number from ${minimum} to ${maximum}; it is "${text}"`;
}

/**
 * Whole numbers from environment variables; one that is empty counts as not set.
 *
 * @param {Record<string, number | number[]>} defaults by variable; a list takes numbers with commas between them
 * @param {{ minimum?: number, env?: Record<string, string | undefined> }} [options]
 * @throws {ConfigurationError} naming every variable that holds something else
 */
export function readNumbers(defaults, { minimum = 1, env = process.env } = {}) {
  const problems = [];
  const values = Object.entries(defaults).map(([variable, fallback]) => {
    const text = env[variable]?.trim();
    if (!text) return [variable, fallback];
    const parts = Array.isArray(fallback) ? text.split(',').map((part) => part.trim()) : [text];
    problems.push(parts.map((part) => numberProblem(variable, part, { minimum })).find((problem) => problem));
    return [variable, Array.isArray(fallback) ? parts.map(Number) : Number(text)];
  });
  refuseSettings(problems);
  return Object.fromEntries(values);
}
