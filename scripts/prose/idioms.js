/** Wording that reads as translated or as a riddle, with what people of the field say. Add a pair when a review finds one. */
const IDIOMS = [
  [/\btakes? (?:it|them|that \w+|the \w+) away\b/, 'delete, remove'],
  [/(?<!\bthere )\b(?:is|are) no (?:list|object|date|number|state|catalog|text|JSON|keys?)\b/, 'is not a …'],
  [/\bnobody can tell\b/i, 'unknown'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bnot at all\b/i, 'never, or nothing'],
  [/\bforgets? all\b/i, 'lose every …'],
  [/\bheld still\b/i, 'did not change'],
  [/\bon this machine alone\b/i, 'locally'],
  [/\bway of the data\b/i, 'data pipeline'],
  [/\bunder way at the same time\b/i, 'parallel'],
  [/\bwaiting (?:cannot|can not|will not)\b/i, 'retrying will not fix it'],
  [/\bSTATE leaves\b|\bleaves only after\b/, 'is emitted'],
  [/\bof its own accord\b/i, 'by itself'],
  [/\bsays? nothing of\b/i, 'does not tell'],
  [/\banew\b/i, 'again, from scratch'],
  [/\bfor ever\b/i, 'forever'],
  [/\bbr(?:oke|oken) off\b/i, 'interrupted'],
  [/\bgoes on where\b|\bgoes on there\b/i, 'resumes where'],
  [/\bwhole sync\b/i, 'full sync'],
  [/\bwithout a word\b/i, 'silently'],
  [/\bcame or went\b|\bcome or go\b/i, 'are added or deleted'],
  [/\bthat (?:is|are) there\b/i, 'existing, available'],
  [/\bas of when\b/i, 'the date of'],
  [/\btaken along\b/i, 'included'],
];

/** A rule of textlint. */
export default function idioms({ Syntax, RuleError, report, getSource }) {
  return {
    [Syntax.Str](node) {
      const text = getSource(node);
      for (const [pattern, better] of IDIOMS) {
        const match = pattern.exec(text);
        if (match) {
          report(node, new RuleError(`"${match[0]}" reads as translated; say: ${better}`, { index: match.index }));
        }
      }
    },
  };
}
