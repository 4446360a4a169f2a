/**
 * `npm run image:check [-- --base debian]`: builds deploy/Dockerfile and uses the image as deploy/compose.yml does: as its own user it runs
 * its command and the four services, against the embedded servers. Takes minutes; CI runs it beside `npm test`.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { readArguments, refuseArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { withEmbeddedPlatform } from './lib/embedded-platform.mjs';
import { ImageStore } from './lib/image.mjs';
import { main } from './lib/main.mjs';
import { inRoot } from './lib/paths.mjs';
import { portsInUse } from './lib/ports.mjs';
import { unlessStopping } from './lib/processes.mjs';
import { CommandError } from './lib/run.mjs';
import { ensurePythonEnv } from './lib/python-env.mjs';

const USAGE = `usage: npm run image:check [-- --base debian]

Builds deploy/Dockerfile with buildah, and runs the image's command and the services of deploy/compose.yml as the image's user, against the embedded servers.
Needs root, buildah, and the ports 3000 and 3030.

  --base debian   make the base image of Debian's and npm's packages instead of pulling it; needs mmdebstrap
`;
const READY_TIMEOUT_MS = 600_000;
const POLL_MS = 2000;
const USER = '10001';
/** Where deploy/compose.yml has the page and the listener. */
const PORTS = [3000, 3030];
const KEYS = '/home/platform/keys';
/** dbt's production target knows Snowflake's own addresses only, so the command runs in this environment. */
const EMBEDDED = 'local';

const { base } = readArguments(USAGE, { base: { type: 'string' } }).values;
if (base !== undefined && base !== 'debian') refuseArguments(USAGE, `there is no base "${base}"; there is debian`);

const say = (text) => process.stdout.write(`${text}\n`);

/** What .env would hold, with the keys where the container has them. */
function settingsOf({ env, dataDir, sevdeskToken }) {
  const inContainer = Object.entries(env)
    .filter(([name]) => name !== 'MELTANO_STATE_BACKEND_URI')
    .map(([name, value]) => [name, value.replace(path.join(dataDir, 'keys'), KEYS)]);
  return {
    ...Object.fromEntries(inContainer),
    SEVDESK_API_KEY: sevdeskToken,
    SNOWFLAKE_SCHEMA: 'RAW',
    TARGET_SNOWFLAKE_TS_PROTOCOL: 'http',
    DAGSTER_URL: 'https://dagster.example.com',
    WEBHOOK_SHARED_SECRET: 'a-secret-of-the-image-check-0123',
    PIPELINE_SCHEDULES: 'off',
    POLL_SEVDESK: 'off',
    // There is no process 1 of its own in this kind of container.
    TINI_SUBREAPER: '1',
  };
}

/** Fails unless a shell command in the image prints what it is to print. */
async function expectPrinted(store, container, command, wanted, what) {
  const printed = await store.run(container, ['sh', '-c', command]);
  if (printed !== wanted) throw new Error(`${what}:\n${printed}`);
}

/** Waits until a service's own healthcheck passes. */
async function healthy(store, container, { name, service, env, started: { child, printed } }) {
  const [, ...check] = service.healthcheck.test;
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new CommandError(`the service ${name}`, child.exitCode, printed());
    try {
      await store.run(container, check, { env });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`the service ${name} is not healthy:\n${printed()}`, { cause: error });
      await sleep(POLL_MS);
    }
  }
}

async function checkServices(store, { name: container, entrypoint }, settings) {
  const { services } = parse(await readFile(inRoot('deploy/compose.yml'), 'utf8'), { merge: true });
  const started = [];
  try {
    // In the order of the file, which is that of `depends_on`.
    for (const [name, service] of Object.entries(services)) {
      const env = { ...settings, ...service.environment };
      const command = service.command.map((word) => word.replaceAll('$$', '$'));
      const running = store.start(container, [...entrypoint, ...command], env);
      started.push(running);
      await healthy(store, container, { name, service, env, started: running });
      say(`✔ ${name} is healthy`);
    }
  } finally {
    for (const { child } of started.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      process.kill(-child.pid, 'SIGTERM');
      await ended;
    }
    await store.endContainers();
  }
}

async function check(store) {
  const container = await store.container();
  const { name, entrypoint, command } = container;
  await expectPrinted(store, name, 'id -u', USER, 'the image runs as another user');
  await expectPrinted(
    store,
    name,
    'find /app -path /app/.local -prune -o ! -type l -writable -print',
    '',
    'its user can change the release',
  );
  const dataDir = await store.makeFolder('data');
  await withEmbeddedPlatform({ dataDir, sevdeskArguments: ['--invoices', '60'] }, async (platform) => {
    const settings = settingsOf(platform);
    const keys = path.join(platform.dataDir, 'keys');
    await store.buildah(['copy', '--chown', `${USER}:${USER}`, name, keys, KEYS]);
    const embedded = command.map((word) => word.replace('=prod', `=${EMBEDDED}`));
    await store.run(name, [...entrypoint, ...embedded], { env: settings });
    say(`✔ ${embedded.join(' ')}`);
    await checkServices(store, container, settings);
  });
  await expectPrinted(store, name, 'find /app/.local -type f -perm /077', '', 'others may read what it wrote');
}

await main(async () => {
  if (process.getuid?.() !== 0) throw new Error('The image is built and run as other users: run this as root.');
  const busy = await portsInUse(PORTS);
  if (busy.length > 0) throw new Error(`${busy.join('\n')}\nThe services of deploy/compose.yml listen there.`);
  await build();
  for (const environment of ['local-snowflake', 'meltano']) await ensurePythonEnv(environment);
  const store = await ImageStore.make();
  try {
    if (base === 'debian') await store.makeBase();
    await store.build({ pull: base === undefined, onLine: (line) => process.stderr.write(`${line}\n`) });
    await check(store);
  } finally {
    // A signal has it removed once everything has ended.
    await unlessStopping();
    await store.remove();
  }
  say('The image is as it should be.');
});
