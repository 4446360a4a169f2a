import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

/** A proxy in front of a local Snowflake that holds every request back, as distance does, and counts statements and the requests that bring them. */
export async function startSlowWire({ host, port }, delayMs) {
  const wire = {
    port: 0,
    statements: 0,
    requests: 0,
    close: () => new Promise((done) => server.close(done).closeAllConnections()),
  };
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('error', () => response.destroy()).on('data', (part) => parts.push(part));
    request.on('end', async () => {
      const body = Buffer.concat(parts);
      if (request.url.startsWith('/queries/v1/query-request')) {
        wire.requests += 1;
        wire.statements += statementsIn(body);
      }
      await wait(delayMs);
      const { url, method, headers } = request;
      const forwarded = http.request({ host, port, path: url, method, headers, agent }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      forwarded.on('error', () => response.destroy());
      forwarded.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  wire.port = server.address().port;
  return wire;
}

/** How many statements a request brings. */
function statementsIn(body) {
  const isCompressed = body[0] === 0x1f && body[1] === 0x8b;
  const { parameters } = JSON.parse(isCompressed ? gunzipSync(body) : body);
  return Number(parameters?.MULTI_STATEMENT_COUNT ?? 1);
}
