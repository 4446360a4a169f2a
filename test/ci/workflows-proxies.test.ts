import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import { findNginx } from './nginx.js';
import { root, runCommand } from './run-tool.js';

interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}
interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

const work = mkdtempSync(path.join(tmpdir(), 'proxies-'));
const certificate = path.join(work, 'proxy.pem');
const key = path.join(work, 'proxy.key');
const started: ChildProcess[] = [];
const listening: Server[] = [];
/** What the parts behind the proxies were asked. */
const seen: Seen[] = [];
let nginx: string | undefined;

/** A part behind a proxy; `answer` says what it returns. */
async function behind(answer: (headers: IncomingHttpHeaders) => { status: number; headers?: Record<string, string> }) {
  const server = createServer((incoming, outgoing) => {
    seen.push({ path: incoming.url ?? '', headers: incoming.headers });
    const { status, headers } = answer(incoming.headers);
    incoming.resume().on('end', () => outgoing.writeHead(status, headers).end('answered'));
  }).listen(0, '127.0.0.1');
  listening.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function ask(port: number, where: string, { body, headers = {} }: { body?: string; headers?: object } = {}) {
  return new Promise<Reply>((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        path: where,
        method: body === undefined ? 'GET' : 'POST',
        rejectUnauthorized: false,
        agent: false,
        headers: { host: `localhost:${String(port)}`, ...headers },
      },
      (answer) => answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers })),
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Waits for a proxy to listen, and fails with what it printed when it ends instead. */
async function start(command: string, args: string[], port: number): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: work } });
  started.push(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  for (let i = 0; i < 600; i += 1) {
    if (child.exitCode !== null) throw new Error(printed);
    if (
      await ask(port, '/').then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it does not listen: ${printed}`);
}

/** An example of `deploy/proxy` for this machine: names, certificate and ports are the reader's to fill in. */
function filledIn(file: string, ports: Record<string, number>): string {
  let text = readFileSync(path.join(root, 'deploy/proxy', file), 'utf8')
    .replaceAll(/(?:events|figures)\.example\.com/g, 'localhost')
    .replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`);
  for (const [before, port] of Object.entries(ports)) {
    expect(text).toContain(before);
    text = text.replaceAll(before, before.replace(/\d+(?= ssl|$)/, String(port)));
  }
  return text;
}

async function startNginx(program: string, file: string, ports: Record<string, number>, port: number): Promise<void> {
  const prefix = path.join(work, file);
  mkdirSync(prefix);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${path.join(prefix, name)};`,
  );
  // Deadlines are the example's, but for a test that need not wait: seconds become tenths.
  const site = filledIn(file, ports).replace(
    /timeout (\d+)s/g,
    (_, seconds) => `timeout ${String(Number(seconds) * 100)}ms`,
  );
  const conf = `daemon off; pid ${path.join(prefix, 'pid')}; error_log stderr; events {} http { access_log off; ${paths.join(' ')}\n${site}}`;
  writeFileSync(path.join(prefix, 'nginx.conf'), conf);
  const args = ['-p', prefix, '-e', 'stderr', '-c', 'nginx.conf'];
  await runCommand(program, [...args, '-t']);
  await start(program, args, port);
}

/** Resolves when the other side ends a connection on which half a request was sent. */
function cutOff(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false });
    socket.on('secureConnect', () => socket.write('POST /webhook HTTP/1.1\r\nhost: localhost\r\nx-slow: '));
    socket
      .on('error', reject)
      .on('close', () => resolve())
      .resume();
  });
}

async function expectWebhookOnly(port: number): Promise<void> {
  seen.length = 0;
  const forged = { 'x-forwarded-for': '203.0.113.9', 'content-type': 'application/json', 'webhook-id': 'msg_1' };
  expect(await ask(port, '/webhook', { body: '{"type":"x"}', headers: forged })).toMatchObject({ status: 202 });
  expect(seen).toEqual([{ path: '/webhook', headers: expect.objectContaining({ 'webhook-id': 'msg_1' }) as unknown }]);
  // The rate limit counts senders by this.
  expect(seen[0]?.headers['x-forwarded-for']).toBe('127.0.0.1');
  for (const where of ['/', '/health', '/metrics', '/live', '/webhook/', '/webhookx', '/%2e%2e/metrics', '//metrics'])
    expect([400, 404]).toContain((await ask(port, where)).status);
  expect((await ask(port, '/webhook', { body: 'x'.repeat(65 * 1024 + 1) })).status).toBe(413);
  // Caddy passes on what it has read until it knows that the rest is too long; the listener never sees a whole one.
  expect(seen.filter(({ path: where }) => where !== '/webhook')).toEqual([]);
}

beforeAll(async () => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const pair = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate];
  nginx = await findNginx(path.join(work, 'nginx'));
  if (nginx === undefined) process.stderr.write('There is no nginx: deploy/proxy/*.conf were not tried.\n');
  await runCommand('openssl', ['req', '-x509', '-days', '2', ...pair, ...subject]);
});
afterAll(async () => {
  for (const child of started) {
    if (child.exitCode !== null) continue;
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
  }
  for (const server of listening) server.close();
  rmSync(work, { recursive: true, force: true });
});

describe('the proxies before the listener and the dashboard', () => {
  it('Caddy passes on deliveries and nothing else', async () => {
    const [port, listener] = [await freePort(), await behind(() => ({ status: 202 }))];
    // A certificate of its own makes Caddy ask nobody for one.
    const text = filledIn('Caddyfile', { '127.0.0.1:3030': listener })
      .replace(
        '\tservers {',
        '\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system ' + work + '\n\tservers {',
      )
      .replace('localhost {', `localhost:${String(port)} {\n\ttls ${certificate} ${key}`);
    const file = path.join(work, 'Caddyfile');
    writeFileSync(file, text);
    const caddy = path.join(root, '.venvs/workflows/bin/caddy');
    await runCommand(caddy, ['validate', '--config', file, '--adapter', 'caddyfile'], { HOME: work });
    await start(caddy, ['run', '--config', file, '--adapter', 'caddyfile'], port);
    await expectWebhookOnly(port);
  });

  it('nginx passes on deliveries and nothing else, and lets go of who says nothing', async () => {
    if (nginx === undefined) return;
    const [port, listener] = [await freePort(), await behind(() => ({ status: 202 }))];
    await startNginx(nginx, 'nginx.conf', { '443 ssl': port, '127.0.0.1:3030': listener }, port);
    await expectWebhookOnly(port);
    await cutOff(port);
  });

  it('nginx shows the dashboard to who has signed in, under the name that the sign-in gave', async () => {
    if (nginx === undefined) return;
    const port = await freePort();
    const signIn = await behind(({ cookie }) =>
      cookie === 'session=good'
        ? { status: 202, headers: { 'x-auth-request-email': 'ada@example.com' } }
        : { status: 401, headers: {} },
    );
    const dashboard = await behind(() => ({ status: 200 }));
    const ports = { '443 ssl': port, '127.0.0.1:4180': signIn, '127.0.0.1:18310': dashboard };
    await startNginx(nginx, 'dashboard.nginx.conf', ports, port);
    seen.length = 0;
    const forged = { 'x-forwarded-user': 'root@example.com', 'x-dashboard-secret': 'guessed', cookie: 'session=good' };
    expect((await ask(port, '/figures', { headers: { ...forged, cookie: 'session=bad' } })).status).not.toBe(200);
    expect(seen.filter(({ path: where }) => !where.startsWith('/oauth2/'))).toEqual([]);
    seen.length = 0;
    expect((await ask(port, '/figures', { headers: forged })).status).toBe(200);
    const shown = seen.find(({ path: where }) => where === '/figures');
    expect(shown?.headers['x-forwarded-user']).toBe('ada@example.com');
    expect(shown?.headers['x-dashboard-secret']).toBe('the same secret as in DASHBOARD_PROXY_SECRET');
  });
});
