import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const REPORT = path.resolve(import.meta.dirname, '../api/report.mjs');

describe('the SDK’s exports', () => {
  it('are those of the committed reports: a change is deliberate', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [REPORT]).catch((error: unknown) => ({
      stdout: (error as { stdout: string }).stdout,
    }));
    expect(stdout).toBe('');
  });

  it('make a reference without a broken link', async () => {
    const typedoc = ['typedoc', '--options', 'packages/sdk/typedoc.json', '--emit', 'none'];
    const root = path.resolve(import.meta.dirname, '../../..');
    await promisify(execFile)('npx', ['--no-install', ...typedoc], { cwd: root });
  });
});
