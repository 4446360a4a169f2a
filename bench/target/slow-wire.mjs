import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** A proxy in front of a local Snowflake that holds every request back, as distance does, and counts statements. */
export async function startSlowWire({ host, port }, delayMs) {
  const wire = { port: 0, statements: 0, close: () => new Promise((done) => server.close(done).closeAllConnections()) };
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('error', () => response.destroy()).on('data', (part) => parts.push(part));
    request.on('end', async () => {
      if (request.url.startsWith('/queries/v1/query-request')) wire.statements += 1;
      await wait(delayMs);
      const { url, method, headers } = request;
      const forwarded = http.request({ host, port, path: url, method, headers, agent }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      forwarded.on('error', () => response.destroy());
      forwarded.end(Buffer.concat(parts));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  wire.port = server.address().port;
  return wire;
}
