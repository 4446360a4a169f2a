import type { JsonValue } from '@singer-io-ts/sdk';

/**
 * What a check says of a value: nothing when it can go into its column as it came, what to write instead where that means the same, or why
 * it cannot be loaded. Reasons never hold the value.
 */
export type Verdict = undefined | { readonly write: JsonValue } | Refusal;

/** Why a value cannot be loaded, and what that sentence goes on with where the column is as the schema asks. */
export interface Refusal {
  readonly refuse: string;
  readonly hint?: string;
}

/** The most frequent verdict by far is none at all. */
export const FINE: Verdict = undefined;
