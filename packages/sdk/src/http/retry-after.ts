/**
 * How long a `Retry-After` header asks to wait, in milliseconds, never negative; undefined where it says nothing usable.
 * Both forms of RFC 9110 are read: whole seconds and a date. A date is taken against the server's own clock where
 * the answer carries one, so a machine whose clock is wrong waits no longer than was asked.
 *
 * @param header the header's text
 * @param serverNowMs the server's time, or this machine's where the answer has none
 */
export function parseRetryAfter(header: string | undefined, serverNowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  // Date.parse reads "-5" as a year; only a date that names its weekday or is ISO counts.
  if (!/^[A-Za-z]{3,9},? |^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - serverNowMs);
}
