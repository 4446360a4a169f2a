/** How a command that a document names is known to work. */
export interface CommandProof {
  readonly command: RegExp;
  /** The test that runs it; none where it needs an account or a host that tests do not have, which the document says. */
  readonly test?: string;
}

export const commandProofs: readonly CommandProof[] = [
  { command: /^npm start$/, test: 'test/contract/main-job.test.ts' },
  { command: /^npm test\b/, test: '.ci/run' },
  { command: /^npm run (?:lint|build|generate)$/, test: 'scripts/lib/suites.mjs' },
  // It runs the tests, not the other way round.
  { command: /^npm run mutate$/ },
  { command: /^npm run certify\b/, test: 'test/contract/certify.test.ts' },
  // It takes minutes and needs root, so CI runs it beside npm test.
  { command: /^npm run image:check\b/, test: '.github/workflows/ci.yml' },
  // A measurement, not a test.
  { command: /^npm run bench\b/ },
  { command: /^npm run dashboard\b/, test: 'dashboard/test/command.test.ts' },
  { command: /^npm run dagster\b/, test: 'orchestration/tests/platform_under_test.py' },
  { command: /^npm run local:(?:snowflake|sevdesk|ecb)\b/, test: 'test/contract/local-servers.test.ts' },
  { command: /^curl -H 'Authorization: \S+' 'http:\/\/127\.0\.0\.1:/, test: 'test/contract/local-servers.test.ts' },
  {
    command: /^(?:npx |node_modules\/\.bin\/)?(?:tap-sevdesk|target-snowflake-ts) /,
    test: 'test/contract/commands.test.ts',
  },
  {
    command: /^(?:npm run pack$|npm install \S*packs\/\*\.tgz$|meltano (?:add|config|run) )/,
    test: 'test/packaging/new-user.ts',
  },
  {
    command: /^(?:npx create-singer (?:tap|target) |npm install \S*packs\/singer-io-ts-sdk-\*\.tgz$)/,
    test: 'test/packaging/documents.ts',
  },
  { command: /^node bin\/(?:tap|target)-example\.js /, test: 'packages/create-singer/test/create-singer.test.ts' },
  { command: /^npx singer check out\.singer$/, test: 'packages/create-singer/test/create-singer.test.ts' },
  // A project that npm create singer has just written is installed from a registry.
  { command: /^npm install$/ },
  {
    command: /^(?:node examples\/dist\/|npx singer (?:check|stats) \.local\/tutorial\/)/,
    test: 'packages/sdk/test/tutorial.test.ts',
  },
];
