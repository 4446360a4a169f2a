/** How a command that a document names is known to work. */
export interface CommandProof {
  readonly command: RegExp;
  /** The test that runs it; none where it needs an account or a host that tests do not have, which the document says. */
  readonly test?: string;
}

export const commandProofs: readonly CommandProof[] = [
  { command: /^npm start$/, test: 'test/contract/main-job.test.ts' },
  { command: /^npm test\b/, test: '.ci/run' },
  { command: /^npm run (?:lint|build)$/, test: 'scripts/lib/suites.mjs' },
  { command: /^npm run bench\b/, test: 'scripts/bench.mjs' },
];
