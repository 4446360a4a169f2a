/** What Python prints of an error that ended it: `ModuleNotFoundError: No module named 'boto3'`. */
const ERROR = /^[\w.]*(?:Error|Exception)\b.*/;

/**
 * The line of a failed Meltano command that says why. Of several errors, each raised because of the one before, the first is the cause;
 * the last line only points to Meltano's help.
 *
 * @param {string} output what the command printed
 * @returns {string} empty when it printed nothing
 */
export function meltanoFault(output) {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.find((line) => ERROR.test(line)) ?? lines.findLast(Boolean) ?? '';
}
