import { ConfigError } from '@singer-io-ts/sdk';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { ConnectionConfig } from './connection-settings.js';
import { settingNamed, type EnvironmentVariable } from './setting-named.js';

const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

type KeySettings = Pick<ConnectionConfig, 'private_key' | 'private_key_path' | 'private_key_passphrase'>;

type Named = (setting: string) => string;

/**
 * Reads a private key however it is given: PEM or DER in a file, PEM or the base64 of either in the setting; encrypted or not.
 *
 * @returns the key in unencrypted PKCS #8 PEM, which the driver takes
 * @throws {ConfigError} naming the setting at fault; never with any of the key
 */
export function loadPrivateKey(
  settings: KeySettings,
  readFile: (path: string) => Buffer,
  environmentVariable: EnvironmentVariable,
): string {
  const { private_key: text, private_key_path: path, private_key_passphrase: passphrase } = settings;
  const named = (name: string): string => settingNamed(name, environmentVariable);
  const setting = text ? 'private_key' : 'private_key_path';
  const bytes = text ? decodeText(text) : readKeyFile(path ?? '', readFile, named);
  const key = parse(bytes, { passphrase, setting, named });
  if (key.asymmetricKeyType !== 'rsa')
    throw invalid(
      named,
      setting,
      `holds a key of type ${key.asymmetricKeyType ?? 'unknown'}; Snowflake takes RSA keys`,
    );
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function decodeText(text: string): Buffer {
  // Environment variables often carry line breaks as the two characters \n.
  const plain = text.replaceAll('\\n', '\n').trim();
  return PEM.test(plain) ? Buffer.from(plain) : Buffer.from(plain, 'base64');
}

function readKeyFile(path: string, readFile: (path: string) => Buffer, named: Named): Buffer {
  try {
    return readFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ConfigError({
      message: `the file ${path} of ${named('private_key_path')} cannot be read (${code})`,
      setting: 'private_key_path',
      cause,
    });
  }
}

function parse(
  bytes: Buffer,
  { passphrase, setting, named }: { passphrase: string | undefined; setting: string; named: Named },
): KeyObject {
  const pass = passphrase === undefined ? {} : { passphrase };
  const text = bytes.toString('latin1');
  if (!PEM.test(text)) {
    for (const type of ['pkcs8', 'pkcs1'] as const) {
      try {
        return createPrivateKey({ key: bytes, format: 'der', type, ...pass });
      } catch (error) {
        if (isPassphraseError(error)) throw wrongPassphrase(passphrase, { named, cause: error });
      }
    }
    throw invalid(
      named,
      setting,
      'holds no private key that can be read; it must be PEM, DER or the base64 of one of them',
    );
  }
  try {
    return createPrivateKey({ key: bytes, format: 'pem', ...pass });
  } catch (error) {
    if (isPassphraseError(error) || text.includes('ENCRYPTED'))
      throw wrongPassphrase(passphrase, { named, cause: error });
    throw invalid(
      named,
      setting,
      'holds no private key that can be read; it must be PEM, DER or the base64 of one of them',
    );
  }
}

const isPassphraseError = (error: unknown): boolean =>
  error instanceof Error && /passphrase|bad decrypt|interrupted or cancelled|bad password/i.test(error.message);

function wrongPassphrase(
  passphrase: string | undefined,
  { named, cause }: { named: Named; cause: unknown },
): ConfigError {
  const what = passphrase === undefined ? 'is missing: the private key is encrypted' : 'does not open the private key';
  return new ConfigError({
    message: `${named('private_key_passphrase')} ${what}`,
    setting: 'private_key_passphrase',
    cause,
  });
}

const invalid = (named: Named, setting: string, what: string): ConfigError =>
  new ConfigError({ message: `${named(setting)} ${what}`, setting });
