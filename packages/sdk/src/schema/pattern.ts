/**
 * Reads a `pattern` as JSON Schema has it, an expression of ECMAScript with Unicode. Where it is none it may come from a tap in another
 * language: escapes that are not needed (`\@`), Python's ends of a text (`\A`, `\Z`), named groups (`(?P<name>…)`) and flags at the
 * beginning (`(?i)`) are read as they are meant there.
 *
 * @throws {SyntaxError} when it is no expression either way
 */
export function readPattern(pattern: string, flags = 'u'): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    try {
      const [, own = '', rest = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(pattern) ?? [];
      return new RegExp(fromPython(rest), [...new Set(flags + own)].join(''));
    } catch {
      throw error;
    }
  }
}

const ENDS: Readonly<Record<string, string>> = { A: String.raw`(?<![\s\S])`, Z: String.raw`(?![\s\S])` };
/** Characters that may be escaped in ECMAScript, or whose escapes mean something. */
const ESCAPABLE = /[A-Za-z0-9^$\\.*+?()[\]{}|/]/;

const fromPython = (pattern: string): string =>
  pattern
    .replace(/\\([\s\S])/gu, (escape, escaped: string) => {
      const end = ENDS[escaped];
      if (end !== undefined) return end;
      return ESCAPABLE.test(escaped) ? escape : String.raw`\u{${(escaped.codePointAt(0) ?? 0).toString(16)}}`;
    })
    .replace(/\(\?P<(\w+)>/g, '(?<$1>')
    .replace(/\(\?P=(\w+)\)/g, String.raw`\k<$1>`);
