import { execFileSync } from 'node:child_process';
import { inRoot } from './paths.mjs';
import { CommandError, run } from './run.mjs';

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
  try {
    await run(process.execPath, [linter, '--rulesdir', inRoot('scripts/prose'), ...files]);
  } catch (error) {
    if (error instanceof CommandError) throw new CommandError('the reading of the prose', error.code, error.output);
    throw error;
  }
}
