/// <reference types="node" preserve="true" />
import { registerCases, type RegisterOptions } from './conformance-case.js';
import { tapCases, type TapCasesOptions } from './tap-cases.js';
import { targetCases, type TargetCasesOptions } from './target-cases.js';

export { tapCases, type TapCasesOptions } from './tap-cases.js';
export { targetCases, type TargetCasesOptions } from './target-cases.js';
export { registerCases, type ConformanceCase, type RegisterOptions, type TestFunction } from './conformance-case.js';
export { extract, type Extraction, type ExtractOptions } from './tap-extraction.js';

/** Tests a tap: registers every conformance case with the test runner. */
export function testTap<C>({ test, skip, ...options }: TapCasesOptions<C> & RegisterOptions): void {
  registerCases(tapCases(options), { test, skip });
}

/** Tests a target: registers every conformance case with the test runner. */
export function testTarget<C, B>({ test, skip, ...options }: TargetCasesOptions<C, B> & RegisterOptions): void {
  registerCases(targetCases(options), { test, skip });
}
