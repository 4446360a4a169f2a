import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandProofs } from './command-proofs.js';

const root = path.resolve(import.meta.dirname, '../..');
const documents = execFileSync('git', ['ls-files', '*.md', '**/*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('.changeset/') && existsSync(path.join(root, file)));
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The anchor that GitHub makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

/** Commands that a document tells its reader to type: lines of fenced blocks in no language or in a shell's. */
function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash|shell|console)?\n([\s\S]*?)^```/gm)].map(([, block = '']) =>
    block.replaceAll(/\\\n\s*/g, ' '),
  );
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+#.*$/, '')
        .trim(),
    )
    .filter((line) =>
      /^(?:npm|npx|node|bash|meltano|dbt|dagster|curl|sudo|systemctl|docker|singer|(?:\S*\/)?(?:tap|target)-[\w-]+|\S*\.venvs\/\S+|cp|openssl|git|kubectl|helm)\b/.test(
        line,
      ),
    );
}

describe('documents', () => {
  it.each(documents)('%s: every link leads somewhere', (file) => {
    const text = textOf(file).replace(/```[\s\S]*?```/g, '');
    const broken: string[] = [];
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(?:https?:|mailto:)/.test(link)) continue;
      const [target = '', anchor] = link.split('#');
      const resolved = target === '' ? path.join(root, file) : path.resolve(root, path.dirname(file), target);
      if (!existsSync(resolved)) broken.push(link);
      else if (anchor && resolved.endsWith('.md')) {
        const anchors = [...readFileSync(resolved, 'utf8').matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) =>
          anchorOf(heading),
        );
        if (!anchors.includes(anchor)) broken.push(link);
      }
    }
    expect(broken).toEqual([]);
  });

  it.each(documents)('%s: every command is run by a test, or is known to need an account', (file) => {
    const unproven = commandsOf(textOf(file)).filter(
      (command) => !commandProofs.some(({ command: pattern }) => pattern.test(command)),
    );
    expect(unproven).toEqual([]);
  });

  it('name tests that exist as proofs of their commands', () => {
    const missing = commandProofs.flatMap(({ test }) =>
      test === undefined || existsSync(path.join(root, test)) ? [] : [test],
    );
    expect(missing).toEqual([]);
  });

  it('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    for (const file of documents) {
      for (const [, script = ''] of textOf(file).matchAll(/`npm run ([\w:-]+)/g))
        expect([file, script, script in scripts]).toEqual([file, script, true]);
    }
  });

  it.each(['dbt/DECISIONLOG.md', 'dbt/ENTSCHEIDUNGEN.md'])('%s: each section names tests that exist', (file) => {
    const tests = execFileSync('git', ['ls-files', 'dbt/tests', 'dbt/tests_python', 'dbt/models/**/_unit_tests.yml'], {
      cwd: root,
      encoding: 'utf8',
    })
      .trim()
      .split('\n');
    const known = tests.map((test) => `${path.basename(test, '.sql')}\n${textOf(test)}`).join('\n');
    const [, ...sections] = textOf(file).split(/^## /m);
    expect(sections.filter((section) => !/\*Tests?:\*/.test(section)).map(([title]) => title)).toEqual([]);
    const proofs = [...textOf(file).matchAll(/\*Tests?:\*((?:\s*`\w+`(?: \([^)]*\))?,?)+)/g)]
      .flatMap(([, names = '']) => names.match(/`\w+`/g) ?? [])
      .map((name) => name.slice(1, -1));
    expect(proofs.length).toBeGreaterThan(10);
    expect(proofs.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('have badges that say what package.json says', () => {
    const { engines, license } = JSON.parse(textOf('package.json')) as { engines: { node: string }; license: string };
    const badges = [...textOf('README.md').matchAll(/^!\[(.+?)\]\(https:\/\/img\.shields\.io/gm)].map(
      ([, text]) => text,
    );
    expect(badges).toContain(`Licence: ${license}`);
    expect(badges).toContain(`Node: ${engines.node.replace('>=', '')} or newer`);
  });

  it('tell what to do for every error that can reach a user', async () => {
    const sdk = (await import('@singer-io-ts/sdk')) as Record<string, unknown>;
    const families = ['SingerError', 'SourceError', 'LoadError'];
    const errors = Object.keys(sdk).filter(
      (name) => name.endsWith('Error') && !families.includes(name) && /^[A-Z]/.test(name),
    );
    const untold = errors.filter((name) => !textOf('docs/errors.md').includes(`\`${name}\``));
    expect(errors.length).toBeGreaterThan(10);
    expect(untold).toEqual([]);
  });
});

it('names only packages of this repository in changesets, which a release would stop at otherwise', () => {
  const manifests = execFileSync('git', ['ls-files', '*package.json'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  const packages = new Set(manifests.map((file) => (JSON.parse(textOf(file)) as { name?: string }).name));
  const changesets = execFileSync('git', ['ls-files', '.changeset/*.md'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  const named = changesets.flatMap((file) => {
    const head = /^---\n([\s\S]*?)^---$/m.exec(textOf(file))?.[1] ?? '';
    return [...head.matchAll(/^['"]?([^'":]+)['"]?:/gm)].map(([, name]) => name);
  });
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !packages.has(name))).toEqual([]);
});
