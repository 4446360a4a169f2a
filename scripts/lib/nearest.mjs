/** How many letters have to be added, taken out, changed or swapped with their neighbour to make one word of another. */
function distance(one, other) {
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j += 1) {
      const changed = row[j] + (one[i] === other[j] ? 0 : 1);
      const isSwapped = i > 0 && j > 0 && one[i] === other[j - 1] && one[i - 1] === other[j];
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, changed, isSwapped ? before[j - 1] + 1 : Infinity));
    }
    [before, row] = [row, next];
  }
  return row.at(-1);
}

/** The known name that was most likely meant by one that is not known; undefined when none is near. */
export function nearest(name, known) {
  const [best] = known
    .map((candidate) => ({ candidate, away: candidate.startsWith(name) ? 0 : distance(name, candidate) }))
    .sort((a, b) => a.away - b.away);
  return best !== undefined && best.away <= Math.max(1, Math.floor(name.length / 3)) ? best.candidate : undefined;
}
