/** A lone surrogate can only enter JSON text, once it is valid UTF-8, through an escape. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** Whether all strings a JSON text holds, keys included, are well-formed Unicode; `value` is what the text parses to. */
export function isWellFormedJson(text: string, value: unknown): boolean {
  // The plain search is several times faster than the pattern, and most texts have no escape of this kind at all.
  return !text.includes('\\u') || !SURROGATE_ESCAPE.test(text) || holdsOnlyWellFormed(value);
}

/** Whether all strings in a value, keys included, are well-formed Unicode. */
export function holdsOnlyWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return isWellFormed(value);
  if (Array.isArray(value)) return value.every(holdsOnlyWellFormed);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).every(([key, inner]) => isWellFormed(key) && holdsOnlyWellFormed(inner));
  }
  return true;
}

function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
