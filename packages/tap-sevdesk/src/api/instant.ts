/** Seconds since 1970, the resolution of sevDesk's filters and timestamps. */
export type Instant = number;

const ISO = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * Reads a timestamp as sevDesk writes it, by its offset: in the hour that occurs twice in October only the offset
 * tells which one is meant. Undefined for anything else; a timestamp without an offset names no instant.
 */
export function parseInstant(text: unknown): Instant | undefined {
  const day = typeof text === 'string' ? ISO.exec(text)?.[1] : undefined;
  if (day === undefined) return undefined;
  const midnight = new Date(`${day}T00:00:00Z`);
  // The calendar of JavaScript takes 31 February for a day of March.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  const ms = Date.parse(text as string);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}

/** Writes an instant in UTC: `2026-10-25T00:30:00Z`. */
export function formatInstant(instant: Instant): string {
  return new Date(instant * 1000).toISOString().replace('.000Z', 'Z');
}
