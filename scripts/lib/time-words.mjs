/** An instant as people write it, on this machine's clock: `28 Nov 2026, 07:05`. */
export const formatTime = (epochMs) =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(epochMs);

/** How long something is ago, in the largest unit that tells enough: `1 minute`, `3 hours`. */
export function formatAge(minutes) {
  const [count, unit] =
    minutes < 120
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.floor(minutes / 60), 'hour']
        : [Math.floor(minutes / 1440), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
