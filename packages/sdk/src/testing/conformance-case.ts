/** One thing that a tap or target must do. */
export interface ConformanceCase {
  /** Stable, so that it can be skipped by name. */
  readonly name: string;
  /** What must hold, for people. */
  readonly title: string;
  /** Throws or rejects with an AssertionError that says what does not hold. */
  readonly run: () => Promise<void> | void;
}

/** How a test runner takes a test: jest's `test`, or that of node:test. */
export type TestFunction = (name: string, run: () => Promise<void> | void) => unknown;

export interface RegisterOptions {
  /** The runner's function. @default the global `test`, as jest has it */
  test?: TestFunction | undefined;
  /** Names of cases that do not apply, each with the reason. @default none */
  skip?: Readonly<Record<string, string>> | undefined;
}

/**
 * Hands cases to a test runner.
 *
 * @throws Error when a name to skip is no case: it would hide that a case has gone
 */
export function registerCases(cases: readonly ConformanceCase[], { test, skip = {} }: RegisterOptions): void {
  const register = test ?? (globalThis as { test?: TestFunction }).test;
  if (!register)
    throw new Error('no test runner: pass its test function, as in { test } with import { test } from "node:test"');
  const stray = Object.keys(skip).find((name) => !cases.some((own) => own.name === name));
  if (stray !== undefined) throw new Error(`there is no conformance case "${stray}" to skip`);
  for (const { name, title, run } of cases) {
    if (!Object.hasOwn(skip, name)) register(`${name}: ${title}`, run);
  }
}
