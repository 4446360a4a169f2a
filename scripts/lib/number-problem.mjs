/** What is wrong with a number; undefined when nothing is. */
export function numberProblem(variable, text, { minimum = 0, maximum = 1e9 } = {}) {
  if (/^\d{1,10}$/.test(text) && Number(text) >= minimum && Number(text) <= maximum) return undefined;
  return `${variable} must be a whole number from ${minimum} to ${maximum}; it is "${text}"`;
}
