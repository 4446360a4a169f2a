/** Tests are ES modules, run against what `npm run build` made; `scripts/test.mjs` builds first. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/dashboard', '<rootDir>/packages', '<rootDir>/local', '<rootDir>/test', '<rootDir>/scripts'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.venv/'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.local/', '<rootDir>/.venvs/', '<rootDir>/.meltano/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // For a machine that is busy with other work: a test that passes in seconds there takes minutes.
  testTimeout: 300_000,
  maxWorkers: 2,
};
