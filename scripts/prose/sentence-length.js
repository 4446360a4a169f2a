/** A reader loses the thread of a longer sentence. */
const MOST_WORDS = 45;

export default function sentenceLength({ Syntax, RuleError, report, getSource }) {
  return {
    [Syntax.Paragraph](node) {
      // Code counts as one word, links by their text; a colon or a semicolon lets a reader breathe.
      const text = getSource(node)
        .replace(/`[^`]*`/g, 'code')
        .replace(/\]\([^)]*\)/g, ']');
      for (const sentence of text.split(/(?<=[.!?:;])\s+/)) {
        const words = sentence.split(/\s+/).filter((word) => /\w/.test(word)).length;
        if (words > MOST_WORDS) {
          report(
            node,
            new RuleError(`a sentence of ${words} words; ${MOST_WORDS} are enough: "${sentence.slice(0, 50)}…"`),
          );
        }
      }
    },
  };
}
