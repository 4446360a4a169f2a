import { OUTCOMES } from './findings.mjs';

const WIDTH = 300;
const cut = (text) => (text.length > WIDTH ? `${text.slice(0, WIDTH)} …` : text);

/**
 * The table of all suites, then each difference with what was expected and what came, then why the rest was not looked at.
 *
 * @param {import('./findings.mjs').Finding[]} findings
 * @returns {string}
 */
export function table(findings) {
  const suites = [...new Set(findings.map(({ suite }) => suite))];
  const rows = suites.map((suite) => [suite, ...countsOf(findings.filter((one) => one.suite === suite))]);
  const total = ['in all', ...countsOf(findings)];
  const lines = align([['', ...OUTCOMES], ...rows, total]);
  return `${[...lines, ...differences(findings), ...reasons(findings)].join('\n')}\n`;
}

const countsOf = (findings) =>
  OUTCOMES.map((outcome) => String(findings.filter((one) => one.outcome === outcome).length));

function align(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
  );
}

function differences(findings) {
  return findings
    .filter(({ outcome }) => outcome === 'differs')
    .flatMap(({ suite, name, expected, came, harmless }) => [
      '',
      `differs${harmless ? ' (nothing here depends on it)' : ''}: ${suite}: ${cut(name)}`,
      `  expected ${cut(expected ?? '')}`,
      `  came     ${cut(came ?? '')}`,
    ]);
}

/** One line for each reason, with how many checks it concerns. */
function reasons(findings) {
  const groups = new Map();
  for (const { suite, outcome, reason } of findings) {
    if (reason === undefined) continue;
    const key = `${outcome}: ${suite}: ${reason}`;
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  return [...(groups.size > 0 ? [''] : []), ...[...groups].map(([line, count]) => `${line} (${count})`)];
}
