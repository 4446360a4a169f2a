import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What to do with a request on its way between the driver and Snowflake. */
export interface Fault {
  /** Which statements, or which uploads or answers that are fetched, by path. */
  match: RegExp;
  /** @default 'statement' */
  what?: Request['kind'];
  /** The how many-th that matches, from 1. @default 1 */
  nth?: number;
  /** For how many in a row. @default 1 */
  times?: number;
  /** Before Snowflake sees it, or after it has answered, when the answer is thrown away. @default 'before' */
  point?: 'before' | 'after';
  /** What the driver gets: the true answer; never one; or instead nothing, as from a broken connection; an HTTP status; or Snowflake's error with a code. */
  answer: 'nothing' | 'never' | 'true' | { status: number } | { code: string; message?: string };
  /** Done at that moment. */
  act?: () => void;
  /** Holds a true answer's request back until this resolves. @default not at all */
  wait?: () => Promise<unknown>;
}

/** A proxy on the wire that can do harm. */
export interface Wire {
  port: number;
  faults: Fault[];
  /** Statements and uploads in the order in which they came. */
  seen: string[];
  close(): Promise<void>;
}

/** Starts a proxy to a server on this machine. */
export async function startWire(to: { host: string; port: number }): Promise<Wire> {
  const counts = new Map<Fault, number>();
  const wire: Wire = {
    port: 0,
    faults: [],
    seen: [],
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  // A connection of its own for each of the driver's, so that Snowflake sees when a client is gone.
  const agents = new WeakMap<Socket, http.Agent>();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void forward());
    const forward = async (): Promise<void> => {
      const body = Buffer.concat(chunks);
      const what = describe(request, body);
      if (what && what.kind !== 'answer') wire.seen.push(what.text);
      const fault =
        what &&
        wire.faults.find((one) => (one.what ?? 'statement') === what.kind && one.match.test(what.text) && due(one));
      if (fault?.answer === 'true') {
        fault.act?.();
        await fault.wait?.();
      }
      if (fault && fault.answer !== 'true' && (fault.point ?? 'before') === 'before') {
        harm(fault, response);
        return;
      }
      const { url: path, method, headers, socket } = request;
      const forwarded = http.request({ ...to, path, method, headers, agent: agents.get(socket) }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          if (fault && fault.answer !== 'true') return harm(fault, response);
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.end(Buffer.concat(parts));
        });
      });
      forwarded.on('error', () => response.destroy());
      forwarded.end(body);
    };
    request.on('error', () => undefined);
  });
  const due = (fault: Fault): boolean => {
    const count = (counts.get(fault) ?? 0) + 1;
    counts.set(fault, count);
    const nth = fault.nth ?? 1;
    return count >= nth && count < nth + (fault.times ?? 1);
  };
  server.on('connection', (socket) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    agents.set(socket, agent);
    socket.on('error', () => undefined).on('close', () => agent.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  wire.port = (server.address() as AddressInfo).port;
  return wire;
}

interface Request {
  kind: 'statement' | 'upload' | 'answer';
  text: string;
}

function describe(request: http.IncomingMessage, body: Buffer): Request | undefined {
  const path = request.url ?? '';
  if (request.method === 'PUT') return { kind: 'upload', text: path };
  if (/^\/queries\/[^/]+\/result/.test(path)) return { kind: 'answer', text: path };
  if (!path.startsWith('/queries/v1/query-request')) return undefined;
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
  return { kind: 'statement', text: (JSON.parse(text) as { sqlText?: string }).sqlText ?? '' };
}

function harm({ answer, act }: Fault, response: http.ServerResponse): void {
  act?.();
  if (answer === 'never' || answer === 'true') return;
  if (answer === 'nothing') return void response.destroy();
  if ('status' in answer) return void response.writeHead(answer.status).end();
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(
    JSON.stringify({
      success: false,
      code: answer.code,
      message: answer.message ?? 'injected',
      data: { errorCode: answer.code, sqlState: '57014' },
    }),
  );
}
