import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from '../ci/run-tool.js';
import { query, startLocalSnowflake, type LocalSnowflake } from '../support/local-snowflake.js';

interface Wire {
  port: number;
  close: () => void;
}

/** A proxy before the local Snowflake that hands each statement and its answer to `bend` on the way back. */
async function startBendingWire(to: LocalSnowflake, bend: (sql: string, rows: unknown[][]) => void): Promise<Wire> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const sent = Buffer.concat(chunks);
      const headers = { ...request.headers, host: `${to.host}:${to.port}`, 'accept-encoding': 'identity' };
      const onward = http.request({ ...to, path: request.url, method: request.method, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          let body = Buffer.concat(parts);
          if (request.url?.startsWith('/queries/v1/query-request')) {
            const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
            const { sqlText } = JSON.parse(plain.toString()) as { sqlText: string };
            const said = JSON.parse(body.toString()) as { data?: { rowset?: unknown[][] } };
            bend(sqlText, said.data?.rowset ?? []);
            body = Buffer.from(JSON.stringify(said));
          }
          response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': body.length }).end(body);
        });
      });
      onward.on('error', () => response.destroy());
      onward.end(sent);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close().closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

interface Ended {
  code: number | null;
  output: string;
}

function startCertify(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['scripts/certify.mjs', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, output }));
  return { child, ended };
}

const certify = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> => startCertify(args, env).ended;

describe('npm run certify', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'certify-'));
  let server: LocalSnowflake;
  /** As in a filled-in `.env`, for an account that is the local Snowflake behind a port of the test's. */
  const accountAt = (port: number): NodeJS.ProcessEnv => ({
    SNOWFLAKE_HOST: '127.0.0.1',
    SNOWFLAKE_PORT: String(port),
    SNOWFLAKE_PROTOCOL: 'http',
    SNOWFLAKE_ACCOUNT: 'local',
    SNOWFLAKE_USER: 'local',
    SNOWFLAKE_PASSWORD: 'local',
    SNOWFLAKE_PRIVATE_KEY_PATH: '',
    SNOWFLAKE_ROLE: 'ACCOUNTADMIN',
    SNOWFLAKE_WAREHOUSE: 'LOCAL',
    SNOWFLAKE_DATABASE: 'SEVDESK',
    SEVDESK_API_KEY: '',
  });

  beforeAll(async () => {
    server = await startLocalSnowflake();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const schemas = async (): Promise<unknown[]> =>
    (await query(server, 'SHOW TERSE SCHEMAS IN DATABASE SEVDESK')).map((row) => row['name']);

  it('finds that all holds on the embedded pair, and records it without a name or a row', async () => {
    const { code, output } = await certify(['--recordings', folder]);
    expect(output).toMatch(/in all +[1-9]\d\d +0 /);
    expect(output).not.toContain('\ndiffers');
    expect(code).toBe(0);
    const [file = ''] = readdirSync(folder);
    const recording = readFileSync(path.join(folder, file), 'utf8');
    expect(recording).toContain('split_part');
    expect(recording).not.toMatch(/CERTIFY_\d|127\.0\.0\.1|0123456789abcdef|ACCOUNTADMIN/);
    // The embedded company's city and an invoice's number.
    expect(recording).not.toMatch(/RE-\d+|Musterstadt/);
  });

  it('names the one function whose answer is another, also against the recording, and exits with 1', async () => {
    const [file = ''] = readdirSync(folder);
    const wire = await startBendingWire(server, (sql, rows) => {
      if (sql.includes("split_part('11.22.33', '.', 2)")) rows[0]![0] = 'bent';
    });
    const only = ['--environment', 'prod', '--only', 'documented answers', '--recordings', path.join(folder, 'bent')];
    const { code, output } = await certify([...only, '--against', path.join(folder, file)], accountAt(wire.port));
    wire.close();
    expect(output.match(/^differs.*$/gm)).toEqual([
      "differs: documented answers: split_part('11.22.33', '.', 2)",
      expect.stringContaining("differs: as recorded: SELECT (split_part('11.22.33', '.', 2))"),
    ]);
    expect(output).toContain('expected "22" (shown on https://docs.snowflake.com/');
    expect(output).toContain('came     "bent"');
    expect(code).toBe(1);
    expect(await schemas()).not.toContainEqual(expect.stringContaining('CERTIFY'));
  });

  it('removes what it made when it is given up', async () => {
    let reached = (): void => undefined;
    const asked = new Promise<void>((resolve) => (reached = resolve));
    const wire = await startBendingWire(server, (sql) => {
      if (sql.includes('split_part')) reached();
    });
    const { child, ended } = startCertify(['--environment', 'prod', '--recordings', folder], accountAt(wire.port));
    await asked;
    expect(await schemas()).toContainEqual(expect.stringContaining('CERTIFY'));
    child.kill('SIGINT');
    const { code } = await ended;
    wire.close();
    expect(code).toBe(130);
    expect(await schemas()).not.toContainEqual(expect.stringContaining('CERTIFY'));
  });

  it.each([
    ['no account', { SNOWFLAKE_ACCOUNT: '' }, 2, /^✖ SNOWFLAKE_ACCOUNT .*\n$/],
    ['a wrong password', { SNOWFLAKE_PASSWORD: 'wrong' }, 3, /^certify: .*390100.*\n$/],
  ])(
    'says what is wrong with %s in one line',
    async (_, env, exit, line) => {
      const { code, output } = await certify(['--environment', 'prod'], { ...accountAt(server.port), ...env });
      expect(output).toMatch(line);
      expect(code).toBe(exit);
    },
    120_000,
  );

  it('explains itself, and refuses what is no recording', async () => {
    expect(await certify(['--help'])).toMatchObject({ code: 0, output: expect.stringContaining('usage: npm run') });
    expect(await certify(['--environment', 'moon'])).toMatchObject({ code: 2 });
    const file = path.join(folder, 'other.txt');
    writeFileSync(file, '{}');
    const { code, output } = await certify(['--against', file]);
    expect(output).toContain('it is not a recording');
    expect(code).toBe(2);
  });
});
