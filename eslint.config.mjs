import eslint from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { forbiddenPackages, forbiddenPaths } from './scripts/lib/arrows.mjs';

const ONE_PLACE = [
  { name: 'snowflake-sdk', message: 'Only packages/snowflake-session/src/driver.ts imports the driver.' },
  { name: 'axios', message: 'Only the HTTP module imports axios.' },
  { name: 'p-retry', message: "Retry with the SDK's withRetry." },
];

/** Another package is imported by what it exports, never by a path into it. */
const DEEP = {
  group: ['@singer-io-ts/*/dist/**', '@singer-io-ts/*/src/**', 'tap-*/**', 'target-*/**'],
  message: 'Import what the package exports.',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.local/**',
      '.venvs/**',
      '.meltano/**',
      'dbt/**',
      'fixtures/**',
      'packages/create-singer/templates/**',
      '**/*.d.ts',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.mjs', 'packages/*/bin/*.js'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/extensions': ['.ts', '.js'],
      'import-x/ignore': ['/node_modules/'],
      'import-x/resolver-next': [importX.createNodeResolver({ extensionAlias: { '.js': ['.ts', '.js'] } })],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'import-x/no-relative-packages': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: forbiddenPaths() }],
      'no-restricted-imports': ['error', { paths: ONE_PLACE, patterns: [DEEP] }],
    },
  },
  ...forbiddenPackages().map(({ files, names }) => ({
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ONE_PLACE,
          patterns: [
            DEEP,
            {
              group: names.flatMap((name) => [name, `${name}/*`]),
              message: 'This package may not know that one: see MAY_IMPORT in scripts/lib/arrows.mjs.',
            },
          ],
        },
      ],
    },
  })),
  {
    files: ['certify/**/*.mjs'],
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: forbiddenPaths() }],
      'no-restricted-imports': ['error', { paths: ONE_PLACE, patterns: [DEEP] }],
    },
  },
  {
    files: ['packages/snowflake-session/src/driver.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['packages/sdk/src/http/retry.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: ONE_PLACE.filter(({ name }) => name !== 'p-retry') }] },
  },
  {
    files: ['**/*.test.ts', '**/test/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: ONE_PLACE.filter(({ name }) => name === 'snowflake-sdk') }],
      // Tests stand beside what they test, above all layers, and share what starts the real parts.
      'import-x/no-relative-packages': 'off',
      'import-x/no-restricted-paths': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);
