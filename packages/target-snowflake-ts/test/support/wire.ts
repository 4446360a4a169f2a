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

/** A proxy between the driver and a server on this machine; it can do harm. */
export class Wire {
  faults: Fault[] = [];
  /** Statements and uploads in the order in which they came. */
  seen: string[] = [];
  readonly #matches = new Map<Fault, number>();
  #server: http.Server | undefined;

  async open({ host, port }: Address): Promise<void> {
    // A connection of its own for each of the driver's, so that Snowflake sees when a client is gone.
    const agents = new WeakMap<Socket, http.Agent>();
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => void forward(Buffer.concat(chunks)));
      request.on('error', () => undefined);
      const forward = async (body: Buffer): Promise<void> => {
        const fault = this.#see(describe(request, body));
        if (fault?.answer === 'true') {
          fault.act?.();
          await fault.wait?.();
        }
        if (fault && fault.answer !== 'true' && (fault.point ?? 'before') === 'before') {
          harm(fault, response);
          return;
        }
        const { url: path, method, headers, socket } = request;
        const forwarded = http.request({ host, port, path, method, headers, agent: agents.get(socket) }, (answer) => {
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
    });
    server.on('connection', (socket) => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      agents.set(socket, agent);
      socket.on('error', () => undefined).on('close', () => agent.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
  }

  get port(): number {
    return (this.#server?.address() as AddressInfo).port;
  }

  /** The statements among what was seen. */
  get statements(): string[] {
    return this.seen.filter((text) => !text.startsWith('/'));
  }

  /** The same settings for a way through the wire. */
  through<T extends object>(config: T): T & { port: number } {
    return { ...config, port: this.port };
  }

  /** Does no harm any more and forgets what was seen. */
  reset(): void {
    this.faults = [];
    this.seen = [];
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server?.close(resolve).closeAllConnections());
  }

  /** Notes a request; the harm that is to be done to it, if any. */
  #see(request: Request | undefined): Fault | undefined {
    if (!request) return undefined;
    if (request.kind !== 'answer') this.seen.push(request.text);
    return this.faults.find(
      (fault) => (fault.what ?? 'statement') === request.kind && fault.match.test(request.text) && this.#isDue(fault),
    );
  }

  #isDue(fault: Fault): boolean {
    const count = (this.#matches.get(fault) ?? 0) + 1;
    this.#matches.set(fault, count);
    const nth = fault.nth ?? 1;
    return count >= nth && count < nth + (fault.times ?? 1);
  }
}

/** Gives the test file that calls it a wire, which is open while its tests run and whole at the start of each. */
export function useWire(to: { server: Address }): Wire {
  const wire = new Wire();
  beforeAll(() => wire.open(to.server));
  beforeEach(() => wire.reset());
  afterAll(() => wire.close());
  return wire;
}

interface Address {
  host: string;
  port: number;
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
