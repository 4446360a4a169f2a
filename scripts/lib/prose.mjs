import { execFileSync } from 'node:child_process';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

/** German texts, what others wrote, and what is generated from code. */
const NOT_OURS = /ENTSCHEIDUNGEN|CHANGELOG|\/templates\/|\.api\.md$|^fixtures\//;

/** Reads every English text of the repository with the rules in `scripts/prose`: translated idioms, endless sentences. */
export async function checkProse() {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: inRoot('.'),
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && !NOT_OURS.test(file));
  const linter = inRoot('node_modules/textlint/bin/textlint.js');
  const command = [linter, '--rulesdir', inRoot('scripts/prose'), ...files];
  await run(process.execPath, command, { name: 'the reading of the prose' });
}
