import { ProtocolError } from '@singer-io-ts/sdk';
import { realpathSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';

/**
 * The path of a file that a BATCH message names: a plain path, or a `file://` address as taps write it. `file://folder/file` means a path
 * from the working folder, as in the Meltano SDK; `file:///folder/file` an absolute one.
 *
 * @throws {ProtocolError} naming the line when there is no such file here
 */
export function batchPath(address: string, stream: string, line: number): string {
  const refuse = (what: string): never => {
    throw new ProtocolError({ message: `line ${line}: BATCH of stream "${stream}" names ${what}`, line });
  };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'file')
    return refuse(`a file that is not on this machine (${scheme}://); only file:// is read`);
  const named = fromAddress(address);
  const found = [named, decoded(named)].map((one) => path.resolve(one)).find((one) => stat(one) !== undefined);
  if (found === undefined) return refuse(`a file that does not exist or may not be read: ${path.resolve(named)}`);
  if (stat(found)?.isDirectory()) return refuse(`a folder, not a file: ${found}`);
  return found;
}

/** Whether a file lies in the folder that the tap was told to write to, wherever links lead. */
export function liesUnder(file: string, root: string | undefined): boolean {
  if (root === undefined) return false;
  try {
    const relative = path.relative(realpathSync(path.resolve(fromAddress(root))), realpathSync(file));
    return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  } catch {
    return false;
  }
}

/** `file://localhost/…` and `file:/…` are the same as `file:///…`. */
const fromAddress = (address: string): string => address.replace(/^file:(?:\/\/(?:localhost(?=\/))?)?/i, '');

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function stat(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
