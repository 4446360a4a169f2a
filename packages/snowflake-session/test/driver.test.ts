import { createServer, type AddressInfo, type Socket } from 'node:net';
import { useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';
import { DeadlineError } from '../src/deadline.js';
import { connectDriver } from '../src/driver.js';
import { useWire } from '../../target-snowflake-ts/test/support/wire.js';

// The driver waits and retries for minutes, and in places for ever; nothing here does.

const server = useLocalSnowflake();
const wire = useWire({ server });

const options = (port: number) => ({
  account: 'local',
  username: 'local',
  password: 'local',
  accessUrl: `http://127.0.0.1:${port}`,
  host: '127.0.0.1',
  port,
  protocol: 'http',
});

describe('the driver', () => {
  it('gives up signing in to a host that takes the connection and never answers', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await expect(connectDriver(options((silent.address() as AddressInfo).port), 1000)).rejects.toThrow(
      new DeadlineError({ message: 'signing in was not answered within 1 s' }),
    );
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => silent.close(resolve));
  });

  it('gives up a statement that gets no answer, and an upload whose credentials are refused again and again', async () => {
    const connection = await connectDriver(options(wire.port), 30_000);
    wire.faults = [{ match: /^SELECT 42/, answer: 'never' }];
    await expect(connection.execute({ sql: 'SELECT 42', timeoutMs: 500 })).rejects.toBeInstanceOf(DeadlineError);
    wire.faults = [{ what: 'upload', match: /./, times: 1_000_000, answer: { status: 401 } }];
    const put = `PUT 'file://${import.meta.filename}' '@~' AUTO_COMPRESS = FALSE SOURCE_COMPRESSION = AUTO_DETECT OVERWRITE = TRUE`;
    const outcome = await connection.execute({ sql: put, timeoutMs: 3000 }).catch((error: unknown) => error);
    // Either the driver says that it failed, in an error or in a row, or the deadline does.
    expect(outcome instanceof Error || !JSON.stringify(outcome).includes('UPLOADED')).toBe(true);
    wire.faults = [];
    await connection.destroy(5000);
  });

  it('gives numbers, dates and VARIANTs as text, so that no digit is lost and nothing is evaluated', async () => {
    const connection = await connectDriver(options(server.port), 30_000);
    const sql = `SELECT 12345678901234567890123456789012345678 AS "N", PARSE_JSON('{"a":1}') AS "V", TRUE AS "B", NULL AS "X"`;
    const [row] = await connection.execute({ sql, timeoutMs: 30_000 });
    expect(row).toMatchObject({ N: '12345678901234567890123456789012345678', V: '{"a":1}', B: 'TRUE', X: null });
    await connection.destroy(5000);
  });

  it('runs several statements in one request, up to the first that is refused', async () => {
    const connection = await connectDriver(options(wire.port), 30_000);
    const run = (sql: string) => connection.execute({ sql, timeoutMs: 30_000 });
    const together = (...statements: string[]) =>
      connection.executeTogether({ sql: statements.join(';\n'), count: statements.length, timeoutMs: 30_000 });
    await run('CREATE DATABASE "TOGETHER"');
    const before = wire.seen.length;
    await together('CREATE TABLE "A;B" ("X" VARCHAR)', `INSERT INTO "A;B" SELECT 'a;b'`);
    expect(wire.seen.slice(before)).toHaveLength(1);
    await expect(
      together(`INSERT INTO "A;B" SELECT 'c'`, `INSERT INTO "NONE" SELECT 'd'`, `INSERT INTO "A;B" SELECT 'e'`),
    ).rejects.toMatchObject({ code: '002003' });
    expect(await run('SELECT "X" FROM "A;B" ORDER BY "X"')).toEqual([{ X: 'a;b' }, { X: 'c' }]);
    await connection.destroy(5000);
  });

  it('has the answers to statements of one request in their order, however many there are', async () => {
    const connection = await connectDriver(options(wire.port), 30_000);
    const numbers = Array.from({ length: 40 }, (_, number) => number);
    const rows = await connection.executeTogether({
      sql: numbers.map((number) => `SELECT ${number} AS "N", ';' AS "S"`).join(';'),
      count: numbers.length,
      timeoutMs: 30_000,
    });
    expect(rows).toEqual(numbers.map((number) => [{ N: String(number), S: ';' }]));
    await connection.destroy(5000);
  });
});
