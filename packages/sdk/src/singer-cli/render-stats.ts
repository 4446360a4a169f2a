import type { MessageStats } from '../check/message-stats.js';

/** A table of what a file of messages holds, a line per stream. */
export function renderStats({ streams, states }: MessageStats): string {
  const header = ['stream', 'records', 'bytes', 'schemas', 'batches', 'versions', 'replication key', 'from', 'to'];
  const rows = streams.map((s) => [
    s.stream,
    ...[s.records, s.bytes, s.schemas, s.batches, s.versions].map(String),
    s.replicationKey ?? '',
    String(s.least ?? ''),
    String(s.greatest ?? ''),
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const isNumber = (i: number): boolean => i >= 1 && i <= 5;
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, `${String(states)} STATE`].join('\n');
}
