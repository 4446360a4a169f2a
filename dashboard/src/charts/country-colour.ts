/** How many colours there are for countries; `dashboard.css` holds them as `.colour-0` and so on. */
const COLOURS = 12;

/** Where most invoices of a German company go: these never share a colour. */
const USUAL = ['DE', 'AT', 'CH', 'FR', 'NL', 'GB', 'US', 'IT'];

/** The colour of places that are in no known country. */
const UNKNOWN = COLOURS;

/** The number of a country's colour: the same on every page, whatever is filtered and however the ranking changes. */
export function countryColour(countryCode: string): number {
  if (!/^[A-Z]{2}$/.test(countryCode) || countryCode === 'ZZ') return UNKNOWN;
  const usual = USUAL.indexOf(countryCode);
  if (usual >= 0) return usual;
  return USUAL.length + ((countryCode.charCodeAt(0) * 26 + countryCode.charCodeAt(1)) % (COLOURS - USUAL.length));
}
