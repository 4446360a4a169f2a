const GERMAN = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? (\d\d):(\d\d)(?::(\d\d))?)?$/;
const OFFSET = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', timeZoneName: 'longOffset' });

/** `01.02.2025` as the beginning of that day in Germany, `2025-02-01T00:00:00+01:00`; undefined for anything else. */
export function instantOfGermanDate(value: unknown): string | undefined {
  const match = typeof value === 'string' ? GERMAN.exec(value) : null;
  if (!match) return undefined;
  const [, day = '', month = '', year = '', hour = '00', minute = '00', second = '00'] = match;
  const local = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${hour}:${minute}:${second}`;
  const utc = new Date(`${local}Z`);
  // The calendar of JavaScript takes 31 February for a day of March.
  if (Number.isNaN(utc.getTime()) || !utc.toISOString().startsWith(local)) return undefined;
  return `${local}${offsetAt(new Date(utc.getTime() - 2 * 3_600_000))}`;
}

function offsetAt(instant: Date): string {
  const name = OFFSET.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return name.replace('GMT', '') || 'Z';
}
