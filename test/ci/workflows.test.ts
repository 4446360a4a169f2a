import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { root, runCommand, runTool } from './run-tool.js';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  permissions?: Record<string, string>;
  steps?: Step[];
  uses?: string;
  'timeout-minutes'?: number;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: unknown;
  jobs: Record<string, Job>;
}

const folder = path.join(root, '.github/workflows');
const files = readdirSync(folder);
const workflows = files.map((file) => ({
  file,
  text: readFileSync(path.join(folder, file), 'utf8'),
  workflow: parse(readFileSync(path.join(folder, file), 'utf8')) as Workflow,
}));
const steps = (workflow: Workflow): Step[] => Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);

describe('GitHub workflows', () => {
  it('are what GitHub accepts', async () => {
    await runTool('check-jsonschema', [
      '--builtin-schema',
      'vendor.github-workflows',
      ...files.map((f) => path.join(folder, f)),
    ]);
    await runTool('check-jsonschema', ['--builtin-schema', 'vendor.dependabot', '.github/dependabot.yml']);
    await runTool('check-jsonschema', [
      '--builtin-schema',
      'vendor.github-actions',
      '.github/actions/set-up/action.yml',
    ]);
    await runTool('actionlint', [
      '-shellcheck',
      path.join(root, '.venvs/workflows/bin/shellcheck'),
      ...files.map((f) => path.join(folder, f)),
    ]);
  });

  it('have no weakness that zizmor knows', async () => {
    await runTool('zizmor', ['--offline', '--quiet', '.github']);
  });

  it.each(workflows)('$file: nothing is permitted that a job does not name', ({ workflow }) => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toBeDefined();
  });

  it.each(workflows)('$file: actions of others are pinned by their commit', ({ workflow }) => {
    const foreign = [
      ...steps(workflow).map((step) => step.uses),
      ...Object.values(workflow.jobs).map((job) => job.uses),
    ].filter((uses) => uses !== undefined && !uses.startsWith('./'));
    for (const uses of foreign) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it.each(workflows.filter(({ workflow }) => 'pull_request' in workflow.on))(
    '$file: pull requests reach no secret',
    ({ text }) => {
      expect(text).not.toMatch(/secrets\.|pull_request_target/);
    },
  );

  it.each(workflows)('$file: every command is one that this repository has', ({ workflow }) => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const { run } of steps(workflow)) {
      if (run === undefined) continue;
      const npm = /^(?:sudo env \S+ )?npm (?:run )?(start|test|build|lint|image:check)\b/.exec(run)?.[1];
      const script = /^(?:bash|node) (\S+)/.exec(run)?.[1];
      if (npm) expect(scripts).toHaveProperty(npm);
      else if (script) expect(existsSync(path.join(root, script))).toBe(true);
      else expect(run).toMatch(/^(?:npm ci|npm audit|git diff|tar )/);
    }
  });

  it('run the suites that npm test has', async () => {
    const { suites } = (await import(path.join(root, 'scripts/lib/suites.mjs'))) as { suites: { name: string }[] };
    const names = suites.map(({ name }) => name);
    const named = workflows
      .flatMap(({ workflow }) => steps(workflow))
      .flatMap(({ run }) => /^npm test -- (.+)$/.exec(run ?? '')?.[1]?.split(' ') ?? []);
    expect(named.length).toBeGreaterThan(0);
    expect(names).toEqual(expect.arrayContaining(named));
    expect(new Set(named)).toEqual(new Set(names));
  });
});

describe('scripts that deploy and release', () => {
  it('have no fault that ShellCheck knows', async () => {
    const scripts = ['deploy', 'scripts/ci', 'scripts/release'].flatMap((folder) =>
      readdirSync(path.join(root, folder))
        .filter((file) => file.endsWith('.sh'))
        .map((file) => path.join(folder, file)),
    );
    await runTool('shellcheck', [...scripts, '.ci/run']);
  });
});

// No container engine runs in these tests: linters are all that looks at these files here.
describe('container files', () => {
  it('have no fault that their linters know', async () => {
    await runTool('hadolint', ['deploy/Dockerfile']);
    await runCommand('npx', ['--no-install', 'dclint', '--max-warnings', '0', 'deploy/compose.yml']);
    await runTool('check-jsonschema', ['--builtin-schema', 'vendor.compose-spec', 'deploy/compose.yml']);
  });
});

// The chart and a cluster are not here: what these files name must be what the image and the documents have.
describe('files for Kubernetes', () => {
  const read = (file: string): unknown[] =>
    parseAllDocuments(readFileSync(path.join(root, 'deploy/kubernetes', file), 'utf8')).map(
      (one) => one.toJS() as unknown,
    );
  const settings =
    readFileSync(path.join(root, 'docs/operations.md'), 'utf8') +
    readFileSync(path.join(root, 'deploy/Dockerfile'), 'utf8');

  it.each(readdirSync(path.join(root, 'deploy/kubernetes')))('%s names settings and modules that there are', (file) => {
    const text = JSON.stringify(read(file));
    const named = [...text.matchAll(/"name":"([A-Z][A-Z_]+)"/g)].map(([, name = '']) => name);
    expect(named.length > 0).toBe(text.includes('"env":'));
    for (const name of named) expect([name, settings.includes(name)]).toEqual([name, true]);
    for (const [, module = ''] of text.matchAll(/"(orchestration(?:\.\w+)+)"/g)) {
      const where = path.join(root, module.replaceAll('.', '/'));
      expect([module, existsSync(`${where}.py`) || existsSync(`${where}/__init__.py`)]).toEqual([module, true]);
    }
  });

  it('run as the user of the image', () => {
    const [, user = ''] = /^USER (\d+)$/m.exec(readFileSync(path.join(root, 'deploy/Dockerfile'), 'utf8')) ?? [];
    for (const file of ['values.yaml', 'webhook.yaml'])
      expect(JSON.stringify(read(file))).toContain(`"runAsUser":${user}`);
  });
});
