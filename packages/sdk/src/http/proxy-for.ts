/**
 * The host of the proxy that the environment names for a server, for messages; undefined where there is none.
 *
 * @param protocol of the server's address: `https:`
 * @param host the server's, with or without a port
 */
export function proxyFor(
  { protocol, host }: { protocol: string; host: string },
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const lookUp = (name: string): string | undefined => env[name] ?? env[name.toUpperCase()];
  const value = lookUp(`${protocol.replace(':', '')}_proxy`) ?? lookUp('all_proxy') ?? '';
  if (value === '') return undefined;
  const name = host.replace(/:\d+$/, '');
  const direct = (lookUp('no_proxy') ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  if (direct.some((entry) => covers(entry, name))) return undefined;
  const url = value.includes('://') ? value : `http://${value}`;
  return URL.canParse(url) ? new URL(url).host : 'that the environment names';
}

/** Whether an entry of NO_PROXY means a host: its name, or a domain that it is in. */
function covers(entry: string, name: string): boolean {
  const domain = entry.replace(/^\*?\./, '').replace(/:\d+$/, '');
  return entry === '*' || name === domain || name.endsWith(`.${domain}`);
}
