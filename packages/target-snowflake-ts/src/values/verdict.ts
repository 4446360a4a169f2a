import type { JsonValue } from '@singer-io-ts/sdk';

/**
 * What a check says of a value: nothing when it can go into its column as it came, what to write instead where that means the same, or why
 * it cannot be loaded. Reasons never hold the value.
 */
export type Verdict = undefined | { readonly write: JsonValue } | { readonly refuse: string };

/** The most frequent verdict by far is none at all. */
export const FINE: Verdict = undefined;
