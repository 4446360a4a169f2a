import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { runCommand } from '../ci/run-tool.js';
import { emptyFolder } from './packed-packages.js';

const execute = promisify(execFile);
/** Installed for these tests alone. Later registries need Node 22; the override names a version where they name a tag. */
const TOOLS = {
  name: 'tools',
  private: true,
  dependencies: { verdaccio: '6.0.5', '@arethetypeswrong/cli': '0.18.5' },
  overrides: { 'node-fetch': '2.7.0' },
};
const PATIENCE_MS = 600_000;

/** A registry on this machine that knows nothing but what is published to it, and asks the real one for the rest. */
class LocalRegistry {
  readonly #folder = emptyFolder('registry-');
  #process?: ChildProcess;
  url = '';

  async start(): Promise<void> {
    const port = await freePort();
    const uplink = (await runCommand('npm', ['config', 'get', 'registry'])).trim();
    const ours = { access: '$all', publish: '$all' };
    const config = {
      storage: './storage',
      auth: { htpasswd: { file: './htpasswd', max_users: -1 } },
      uplinks: { real: { url: uplink } },
      packages: {
        '@singer-io-ts/*': ours,
        'tap-sevdesk': ours,
        'tap-ecb': ours,
        'target-snowflake-ts': ours,
        'create-singer': ours,
        '**': { access: '$all', proxy: 'real' },
      },
      log: { type: 'stdout', level: 'warn' },
    };
    // JSON is YAML.
    this.#folder.write('config.yaml', JSON.stringify(config));
    this.url = `http://127.0.0.1:${String(port)}`;
    this.#folder.write('package.json', JSON.stringify(TOOLS));
    await execute('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: this.#folder.path });
    this.#process = spawn(this.tool('verdaccio'), ['--config', 'config.yaml', '--listen', this.url], {
      cwd: this.#folder.path,
      stdio: 'ignore',
      detached: true,
    });
    for (
      const deadline = Date.now() + PATIENCE_MS;
      Date.now() < deadline;
      await new Promise((r) => setTimeout(r, 500))
    ) {
      const answer = await fetch(`${this.url}/-/ping`).catch(() => undefined);
      if (answer?.ok) return;
    }
    throw new Error('the local registry did not start');
  }

  /** What npm needs to publish to it and install from it. */
  get env(): NodeJS.ProcessEnv {
    return {
      npm_config_registry: this.url,
      // It lets anybody publish; npm itself asks for some token.
      [`npm_config_//${new URL(this.url).host}/:_authToken`]: 'anybody',
      npm_config_cache: path.join(this.#folder.path, 'cache'),
      npm_config_prefer_offline: 'false',
    };
  }

  /** The path of a tool. */
  tool(name: string): string {
    return path.join(this.#folder.path, 'node_modules/.bin', name);
  }

  stop(): void {
    if (this.#process?.pid !== undefined) process.kill(-this.#process.pid, 'SIGTERM');
    this.#folder.remove();
  }
}

async function freePort(): Promise<number> {
  const server = createSocket().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// The whole way of a release against a registry on this machine.
describe('a release', () => {
  const registry = new LocalRegistry();
  const project = emptyFolder('adopter-');

  beforeAll(() => registry.start(), PATIENCE_MS);
  afterAll(() => {
    registry.stop();
    project.remove();
  });

  it(
    'publishes every package once, each naming the repository it comes from',
    async () => {
      const running = { GITHUB_REPOSITORY: 'someone/a-fork', GITHUB_SERVER_URL: 'https://git.example.com' };
      const first = await runCommand('bash', ['scripts/release/publish.sh'], { ...registry.env, ...running });
      const folders = (await runCommand('node', ['scripts/release/packages.mjs'])).trim().split('\n');
      expect([...first.matchAll(/^\+ /gm)]).toHaveLength(folders.length);
      const view = await runCommand(
        'npm',
        ['view', 'tap-sevdesk', 'repository.url', 'repository.directory'],
        registry.env,
      );
      expect(view).toContain('git+https://git.example.com/someone/a-fork.git');
      expect(view).toContain('packages/tap-sevdesk');
      expect(await runCommand('git', ['status', '--porcelain', 'packages/*/package.json'])).toBe('');
      const second = await runCommand('bash', ['scripts/release/publish.sh'], { ...registry.env, ...running });
      expect([...second.matchAll(/is published already$/gm)]).toHaveLength(folders.length);
    },
    PATIENCE_MS,
  );

  it(
    'can be installed from there, and npm create singer writes a tap with it',
    async () => {
      const env = { ...process.env, ...registry.env };
      project.write('package.json', JSON.stringify({ name: 'adopter', private: true }));
      await execute('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'tap-sevdesk'], {
        cwd: project.path,
        env,
      });
      const { stdout } = await execute('node_modules/.bin/tap-sevdesk', ['--version'], { cwd: project.path });
      expect(stdout).toMatch(/^tap-sevdesk \d/);
      await execute('npm', ['create', '--yes', 'singer', 'tap', 'tap-trial'], { cwd: project.path, env });
      const { stdout: files } = await execute('ls', ['tap-trial'], { cwd: project.path });
      expect(files).toContain('package.json');
    },
    PATIENCE_MS,
  );

  it(
    'has types that every way of importing finds',
    async () => {
      for (const name of ['@singer-io-ts/sdk', 'tap-sevdesk', 'target-snowflake-ts']) {
        const { stdout } = await execute('npm', ['pack', '--silent', name], {
          cwd: project.path,
          env: { ...process.env, ...registry.env },
        });
        await execute(registry.tool('attw'), [stdout.trim(), '--profile', 'esm-only'], { cwd: project.path });
      }
    },
    PATIENCE_MS,
  );

  it(
    'asks the workflow for its identity before it records the provenance',
    async () => {
      const asked: string[] = [];
      const identity: Server = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.writeHead(503).end();
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => identity.once('listening', resolve));
      const { port } = identity.address() as AddressInfo;
      const workflow = {
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_REPOSITORY: 'someone/a-fork',
        GITHUB_SERVER_URL: 'https://git.example.com',
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${String(port)}/identity?v=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-token-of-the-run',
      };
      const folder = emptyFolder('provenance-');
      try {
        folder.write('package.json', JSON.stringify({ name: '@singer-io-ts/trial', version: '1.0.0' }));
        const attempt = execute('npm', ['publish', '--provenance', '--access', 'public'], {
          cwd: folder.path,
          env: { ...process.env, ...registry.env, ...workflow, npm_config_fetch_retries: '0' },
        });
        await expect(attempt).rejects.toThrow();
      } finally {
        folder.remove();
        identity.close();
      }
      expect(asked.some((url) => url.startsWith('/identity?v=1&audience='))).toBe(true);
    },
    PATIENCE_MS,
  );
});
