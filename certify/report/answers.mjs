import { Difference } from './findings.mjs';

/**
 * Compares a cell as the driver gives it, as text, with what it should be: null, true or false, a number (by its value), a text
 * (exactly), or a list or an object (as JSON).
 */
export function isSame(expected, came) {
  if (expected === null) return came === null || came === undefined;
  if (came === null || came === undefined) return false;
  if (typeof expected === 'boolean') return String(came).toLowerCase() === String(expected);
  if (typeof expected === 'number') return decimalOf(came) !== undefined && decimalOf(came) === decimalOf(expected);
  if (typeof expected === 'string') return String(came) === expected;
  try {
    // A missing element of an array is written as `undefined`.
    return isSameJson(expected, JSON.parse(String(came).replace(/\bundefined\b/g, 'null')));
  } catch {
    return false;
  }
}

function isSameJson(expected, came) {
  if (Array.isArray(expected))
    return (
      Array.isArray(came) && came.length === expected.length && expected.every((one, i) => isSameJson(one, came[i]))
    );
  if (expected === null || typeof expected !== 'object') return expected === came;
  if (came === null || typeof came !== 'object' || Array.isArray(came)) return false;
  const names = Object.keys(expected);
  return names.length === Object.keys(came).length && names.every((name) => isSameJson(expected[name], came[name]));
}

/** A number's digits and exponent, without zeros that do not count. */
function decimalOf(value) {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(String(value).trim());
  if (!parts || !(parts[2] || parts[3])) return undefined;
  const fraction = parts[3] ?? '';
  const digits = (parts[2] + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (!kept) return '0';
  const exponent = Number(parts[4] ?? 0) - fraction.length + (digits.length - kept.length);
  return `${parts[1] === '-' ? '-' : ''}${kept}e${exponent}`;
}

/** @throws Difference where rows are not as expected, cell by cell in the order of the columns */
export function expectRows(rows, expected) {
  const came = rows.map((row) => Object.values(row));
  const same =
    came.length === expected.length &&
    expected.every((row, i) => row.length === came[i].length && row.every((cell, j) => isSame(cell, came[i][j])));
  if (!same) throw new Difference({ expected: JSON.stringify(expected), came: JSON.stringify(came) });
}

/** @throws Difference where two values are not equal */
export function expectEqual(came, expected, { harmless = false } = {}) {
  if (came !== expected) throw new Difference({ expected: String(expected), came: String(came), harmless });
}
