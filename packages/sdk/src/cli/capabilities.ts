/** What every tap on this SDK can do, in Meltano's words. */
export const TAP_CAPABILITIES = [
  'catalog',
  'discover',
  'state',
  'about',
  'test',
  'structured-logging',
  'stream-maps',
  'schema-flattening',
  'batch',
] as const;

/** What every target on this SDK can do, in Meltano's words. */
export const TARGET_CAPABILITIES = [
  'about',
  'structured-logging',
  'activate-version',
  'validate-records',
  'stream-maps',
  'schema-flattening',
] as const;
