/** Who reads the dashboard. */
export interface Reader {
  readonly name: string;
  /** The countries whose documents this reader may see; undefined for all of them. */
  readonly countries?: readonly string[];
}

/**
 * The countries that a sign-in grants: ISO 3166 codes as a list or as text with commas or blanks between them, `*` for all. A sign-in
 * that grants none that can be read grants nothing.
 */
export function countriesOf(granted: unknown): readonly string[] | undefined {
  const parts = (Array.isArray(granted) ? granted : [granted])
    .filter((part) => typeof part === 'string')
    .flatMap((part) => part.split(/[\s,]+/))
    .map((part) => part.toUpperCase());
  return parts.includes('*') ? undefined : parts.filter((part) => /^[A-Z]{2}$/.test(part));
}
