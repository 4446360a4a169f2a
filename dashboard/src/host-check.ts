const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a request's Host header names a host that is served here. The dashboard has no sign-in and listens on loopback; without this check
 * any web page that the user visits could point its own name at 127.0.0.1 and read the figures.
 */
export function isAllowedHost(header: string | undefined, allowedHosts: readonly string[]): boolean {
  const host = (header ?? '').toLowerCase().replace(/:\d+$/, '');
  return LOOPBACK.has(host) || allowedHosts.includes(host);
}
