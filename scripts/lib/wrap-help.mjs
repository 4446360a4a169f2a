/** Where a continued line begins: below the description of an option, else below the line's own indent. */
function hangingIndent(line) {
  const described = /^( +\S.*? {2,})\S/.exec(line);
  return (described?.[1] ?? /^ */.exec(line)[0]).length;
}

/**
 * Breaks the lines of a help text that are wider than `width` at spaces. A description goes on below itself, or below its option
 * where there is little room.
 */
export function wrapHelp(text, width) {
  return text
    .split('\n')
    .flatMap((line) => {
      const lines = [];
      if (line.length <= width) return line;
      const deepest = Math.floor(width / 3);
      const indent = ' '.repeat(Math.min(hangingIndent(line), deepest));
      let rest = line.replace(/^ +/, (own) => own.slice(0, deepest));
      while (rest.length > width) {
        // Not within the indent: a line that holds nothing would be broken for ever.
        const at = rest.lastIndexOf(' ', width);
        if (rest.slice(0, at).trim() === '' || at <= indent.length) break;
        lines.push(rest.slice(0, at).trimEnd());
        rest = indent + rest.slice(at).trim();
      }
      return [...lines, rest];
    })
    .join('\n');
}
