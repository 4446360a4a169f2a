import leven from 'leven';

/** The known name that was most likely meant by a mistyped one, or undefined when none is close. */
export function nearestName(mistyped: string, known: readonly string[]): string | undefined {
  const nearest = known
    .map((name) => ({ name, distance: leven(name, mistyped) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest && nearest.distance <= Math.max(2, mistyped.length / 3) ? nearest.name : undefined;
}
