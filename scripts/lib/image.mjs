import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRoot, root } from './paths.mjs';
import { OWNING_FOLDER, endProcessesIn, unmountIn } from './chroots.mjs';
import { afterStopping, startProcess } from './processes.mjs';
import { run } from './run.mjs';

const DOCKERFILE = inRoot('deploy/Dockerfile');
/** How much of a service's output is kept. */
const KEPT_CHARACTERS = 4000;
/** How long a service in a container may take to end after SIGTERM. */
const GRACE_MS = 20_000;
const TAG = 'sevdesk-platform';
const MIRROR = 'http://deb.debian.org';
const NODE_BIN = '/usr/local/bin';
const NPM_HOME = '/usr/local/lib/node_modules/npm';
/** How this machine reaches package registries is how the build does. */
const CERTIFICATES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE'];
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/** A store of images of its own, so that nothing of this machine's images is used or left behind. */
export class ImageStore {
  #folder;
  #options;
  #env;

  /** A signal removes it, too, with everything that still runs in its containers. */
  static async make() {
    const store = new ImageStore();
    store.#folder = await realpath(await mkdtemp(path.join(tmpdir(), 'image-')));
    afterStopping(() => store.#removeByForce());
    store.#options = ['--root', path.join(store.#folder, 'store'), '--runroot', path.join(store.#folder, 'run')];
    // What programs put aside while they work goes with the store.
    store.#env = { ...process.env, [OWNING_FOLDER]: store.#folder, TMPDIR: await store.makeFolder('tmp') };
    return store;
  }

  /** Makes a folder that is removed with the store. */
  async makeFolder(name) {
    const folder = path.join(this.#folder, name);
    await mkdir(folder, { mode: 0o700 });
    return folder;
  }

  /** Runs buildah and resolves to what it printed. */
  async buildah(args, options = {}) {
    return (
      await run('buildah', [...this.#options, ...args], { env: this.#env, name: `buildah ${args[0]}`, ...options })
    ).trim();
  }

  /** Builds deploy/Dockerfile. `pull`: its base image comes from where it says; else `makeBase` has made it. */
  async build({ pull, onLine }) {
    const settings = PROXIES.filter((name) => process.env[name]).map((name) => `--env=${name}=${process.env[name]}`);
    const from = pull ? '--pull-always' : '--pull-never';
    const how = ['--isolation=chroot', '--network=host', '--layers=false', from, ...settings];
    await this.buildah(['build', ...how, '--file', DOCKERFILE, '--tag', TAG, root], { onLine });
  }

  /** Makes an image with the name of the base image, from Debian's packages and npm's. */
  async makeBase() {
    const [, name, suite] = /^FROM (node:\d+-(\w+)-slim)/m.exec(await readFile(DOCKERFILE, 'utf8'));
    const [major] = /\d+/.exec(name);
    const packages = path.join(this.#folder, 'debian.tar');
    await run(
      'mmdebstrap',
      [
        '--variant=minbase',
        '--include=ca-certificates',
        suite,
        packages,
        `${MIRROR}/debian`,
        `deb ${MIRROR}/debian-security ${suite}-security main`,
      ],
      { env: this.#env },
    );
    const node = path.join(this.#folder, 'node');
    await run('npm', ['install', '--prefix', node, '--no-audit', '--no-fund', `node@${major}`, 'npm@10']);
    const container = await this.buildah(['from', 'scratch']);
    await this.buildah(['add', container, packages, '/']);
    await this.buildah(['copy', container, path.join(node, 'node_modules/node/bin/node'), `${NODE_BIN}/node`]);
    await this.buildah(['copy', container, path.join(node, 'node_modules/npm'), NPM_HOME]);
    for (const program of ['npm', 'npx'])
      await this.run(container, ['ln', '-s', `${NPM_HOME}/bin/${program}-cli.js`, `${NODE_BIN}/${program}`]);
    for (const setting of CERTIFICATES) {
      const file = process.env[setting];
      if (!file || !existsSync(file)) continue;
      await this.buildah(['copy', container, file, file]);
      await this.buildah(['config', `--env=${setting}=${file}`, container]);
    }
    await this.buildah(['config', `--env=PATH=/usr/local/sbin:${NODE_BIN}:/usr/sbin:/usr/bin:/sbin:/bin`, container]);
    await this.buildah(['commit', container, `docker.io/library/${name}`]);
  }

  /** Makes a container of the image. Resolves to its name, and to the entry point and the command that the image is run with. */
  async container() {
    const { OCIv1: image } = JSON.parse(await this.buildah(['inspect', '--type', 'image', TAG]));
    const { Entrypoint: entrypoint, Cmd: command } = image.config;
    return { name: await this.buildah(['from', '--pull-never', TAG]), entrypoint, command };
  }

  #runArguments(container, command, env) {
    const marked = { ...env, [OWNING_FOLDER]: this.#folder };
    const settings = Object.entries(marked).map(([name, value]) => `--env=${name}=${value}`);
    return ['run', '--isolation=chroot', '--network=host', ...settings, container, '--', ...command];
  }

  /** Runs a command as the container's user and resolves to what it printed. */
  run(container, command, { env = {}, onLine } = {}) {
    return this.buildah(this.#runArguments(container, command, env), {
      onLine,
      name: `${command.join(' ')}, in the image,`,
    });
  }

  /**
   * Starts a command as the container's user.
   *
   * @returns {{ child: import('node:child_process').ChildProcess, printed: () => string }} `printed`: the last that it printed
   */
  start(container, command, env) {
    const args = [...this.#options, ...this.#runArguments(container, command, env)];
    const child = startProcess('buildah', args, { cwd: root, env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (printed = (printed + text).slice(-KEPT_CHARACTERS)));
    return { child, printed: () => printed };
  }

  /** Ends what still runs in a container: a service outlives the buildah that put it there. */
  endContainers() {
    return endProcessesIn(this.#folder, { graceMs: GRACE_MS });
  }

  async remove() {
    await this.endContainers();
    await this.buildah(['rm', '--all']);
    await this.buildah(['rmi', '--all', '--force']);
    await this.#removeByForce();
  }

  /** As `remove`, without a process of its own: while this script is being stopped, each would be ended at once. */
  async #removeByForce() {
    await this.endContainers();
    await unmountIn(this.#folder);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
