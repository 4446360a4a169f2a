import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TapProcess } from './support/tap-process.js';

const text = (path: string): string => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const readme = text('README.md');

/** First cells of the rows of the table that follows a heading. */
const table = (heading: string): string[][] => {
  const section = readme.slice(readme.indexOf(`## ${heading}`)).split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^|]*)` \|(.*)\|$/gm)].map(([, first = '', rest = '']) => [
    first,
    ...rest.split('|').map((cell) => cell.trim()),
  ]);
};

describe('what is written about the tap', () => {
  it('names every stream with how it is replicated, as --discover has it', async () => {
    const tap = new TapProcess({});
    try {
      const { code, lines, stderr } = await tap.run({ args: ['--discover'] });
      expect([code, stderr]).toEqual([0, '']);
      const { streams } = JSON.parse(lines.join('\n')) as {
        streams: { stream: string; replication_method: string; key_properties: string[] }[];
      };
      const rows = table('Streams');
      expect(rows.map(([name]) => name)).toEqual(streams.map(({ stream }) => stream));
      for (const { stream, replication_method: method, key_properties: keys } of streams) {
        expect([stream, keys]).toEqual([stream, ['id']]);
        const [, , how = ''] = rows.find(([name]) => name === stream) ?? [];
        expect([stream, method]).toEqual([stream, how.startsWith('full table') ? 'FULL_TABLE' : 'INCREMENTAL']);
      }
    } finally {
      tap.remove();
    }
  });

  it('says what is wrong with settings in one line, with the setting and its file or environment variable', async () => {
    for (const [config, message] of [
      [{}, /setting "api_key" is missing; .*TAP_SEVDESK_API_KEY/],
      [
        { api_key: 'no-key' },
        /setting "api_key" in \S+\.json \(environment variable TAP_SEVDESK_API_KEY\) must be an API key of sevDesk: 32 hexadecimal/,
      ],
      [
        { api_key: 'a'.repeat(32), page_sise: 5 },
        /unknown setting "page_sise" in \S+\.json; did you mean "page_size"\?/,
      ],
      [{ api_key: 'a'.repeat(32), page_size: 5000 }, /setting "page_size" .* must be at most 1000/],
      [
        { api_key: 'a'.repeat(32), start_date: '2024-13-45' },
        /setting "start_date" .*TAP_SEVDESK_START_DATE.* is no date/,
      ],
      [{ api_key: 'a'.repeat(32), start_date: 'yesterday' }, /setting "start_date" .* must be a date/],
    ] as const) {
      const tap = new TapProcess(config);
      const { code, lines, stderr } = await tap.run();
      tap.remove();
      expect([code, lines]).toEqual([2, []]);
      expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(message)]);
      expect(stderr).not.toMatch(/no-key|aaaa/);
    }
    const lost = new TapProcess({
      api_key: 'a'.repeat(32),
      api_url: 'http://127.0.0.1:9/api/v1',
      max_retry_wait_seconds: 0.01,
    });
    const { code, stderr } = await lost.run();
    lost.remove();
    expect(code).toBe(1);
    expect(stderr.split('\n').filter((line) => line.includes('ERROR'))).toEqual([
      expect.stringContaining('TAP_SEVDESK_API_URL'),
    ]);
  });
});
