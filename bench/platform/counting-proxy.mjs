import { createServer, request } from 'node:http';

const SIGN_IN = /\/session\/v1\/login-request/;
const STATEMENT = /\/queries\/v1\/query-request/;

/**
 * Passes everything on to a Snowflake endpoint and counts what costs: sign-ins, statements, and the seconds that statements took.
 *
 * @param {string} target the endpoint's address
 * @returns {Promise<{ port: number, take: () => { signIns: number, statements: number, statementSeconds: number }, stop: () => Promise<void> }>}
 *   `take` returns what was counted since it was called last
 */
export async function startCountingProxy(target) {
  const { hostname, port } = new URL(target);
  let counts = { signIns: 0, statements: 0, statementSeconds: 0 };
  const server = createServer((incoming, answer) => {
    const start = performance.now();
    const isStatement = STATEMENT.test(incoming.url);
    if (SIGN_IN.test(incoming.url)) counts.signIns += 1;
    if (isStatement) counts.statements += 1;
    const outgoing = request({
      hostname,
      port,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
    });
    outgoing.on('response', (response) => {
      answer.writeHead(response.statusCode, response.headers);
      response.pipe(answer);
      response.on('end', () => {
        if (isStatement) counts.statementSeconds += (performance.now() - start) / 1000;
      });
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    take() {
      const taken = counts;
      counts = { signIns: 0, statements: 0, statementSeconds: 0 };
      return taken;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
