import path from 'node:path';
import { root } from '../ci/run-tool.js';

const { meltanoFault } = (await import(path.join(root, 'scripts/lib/meltano-fault.mjs'))) as {
  meltanoFault: (output: string) => string;
};

const HELP = '2026-01-02T03:04:05Z [info     ] meltano      Need help fixing this problem? Visit its page';

describe('what a failed Meltano command says', () => {
  it('is the first cause, not where to ask for help', () => {
    const output = [
      "2026-01-02T03:04:05Z [info     ] meltano      Environment 'prod' is active",
      '│   194 │   msg = "Failed to persist" │',
      "ModuleNotFoundError: No module named 'boto3'",
      '',
      'The above exception was the direct cause of the following exception:',
      '',
      'StatePersistenceError: Failed to persist state to the configured state backend',
      '',
      HELP,
      '',
    ].join('\n');
    expect(meltanoFault(output)).toBe("ModuleNotFoundError: No module named 'boto3'");
    expect(meltanoFault(`botocore.exceptions.NoCredentialsError: none\n${HELP}`)).toContain('NoCredentialsError');
  });

  it('is its last line when it raised nothing', () => {
    expect(meltanoFault('one\ntwo\n\n')).toBe('two');
    expect(meltanoFault('')).toBe('');
  });
});
