import {
  boolean,
  integer,
  object,
  required,
  string,
  withDefault,
  type Infer,
  type TypedSchema,
} from '@singer-io-ts/sdk';

const text = (description: string): TypedSchema<string> => string({ description });
const secret = (description: string): TypedSchema<string> => string({ description, secret: true, writeOnly: true });
const flag = (description: string, fallback: boolean) => withDefault(boolean({ description }), fallback);
const count = (description: string, fallback: number) => withDefault(integer({ description, minimum: 1 }), fallback);
const port = (description: string): TypedSchema<number> => integer({ description, minimum: 1, maximum: 65_535 });
const choice = <Value extends string>(description: string, values: readonly Value[]): TypedSchema<Value> =>
  string({ description, enum: [...values] });

const connection = {
  account: required(
    text('Account identifier, such as `myorg-myaccount`: the part of the URL before `.snowflakecomputing.com`.'),
  ),
  user: text('Login name. Not needed with OAuth, access tokens or workload identity.'),
  database: required(text('Database that contains the tables.')),
  schema: text('Schema for streams whose name does not contain one.'),
  warehouse: text("Warehouse to use. Default: the user's."),
  role: text("Role to use; it owns the objects that are created. Default: the user's."),
  host: text('Host to connect to instead of the one of the account, for private links and the local Snowflake.'),
  port: port('Port of `host`.'),
  protocol: withDefault(choice('Use `http` only for a local Snowflake.', ['https', 'http']), 'https'),
  login_timeout_seconds: count('Maximum total duration of a sign-in.', 60),
  statement_timeout_seconds: count(
    'Maximum total duration of one statement, including the wait for the warehouse.',
    3600,
  ),
  upload_timeout_seconds: count('Maximum total duration of the upload of one file.', 900),
  lock_timeout_seconds: count(
    'Maximum wait for a lock held by another run. The locks of a killed run can last ten minutes.',
    900,
  ),
  query_tag: text('QUERY_TAG of the session. Default: JSON with the names of the application and the run.'),
  quoted_identifiers_ignore_case: flag(
    'Session parameter QUOTED_IDENTIFIERS_IGNORE_CASE. Either way, new names are upper case and existing ones match in any case.',
    false,
  ),
  session_parameters: {
    type: 'object',
    description: 'Additional session parameters by name. Those that loading depends on cannot be changed.',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  } as TypedSchema<Record<string, string | number | boolean>>,
  proxy_host: text('Host of an HTTP proxy. Default: the environment variables HTTPS_PROXY and NO_PROXY.'),
  proxy_port: port('Port of the proxy.'),
  proxy_user: text('User name for the proxy.'),
  proxy_password: secret('Password for the proxy.'),
  proxy_protocol: choice('Protocol of the proxy.', ['http', 'https']),
  no_proxy: text('Hosts to reach without the proxy, separated by `|`.'),
};

const signIn = {
  authenticator: text(
    'How to sign in: snowflake_jwt (key pair), oauth, oauth_client_credentials, programmatic_access_token, workload_identity, externalbrowser, ' +
      'snowflake (password) or an Okta URL. Default: the first that the other settings allow.',
  ),
  private_key: secret('Private key for key-pair sign-in: PEM, or PEM or DER in base64.'),
  private_key_path: text('File that contains the private key, PEM or DER.'),
  private_key_passphrase: secret('Passphrase of an encrypted private key.'),
  oauth_access_token: secret('OAuth access token.'),
  oauth_client_id: text('Client ID for the OAuth client credentials flow.'),
  oauth_client_secret: secret('Client secret for the OAuth client credentials flow.'),
  oauth_token_request_url: text('Token URL of the client credentials flow. Default: that of the account.'),
  oauth_scope: text('Scope to request in the client credentials flow. Default: derived from the role.'),
  programmatic_access_token: secret('Programmatic access token of the user.'),
  workload_identity_provider: choice('Sign in with the identity of the workload that runs this program.', [
    'AWS',
    'AZURE',
    'GCP',
    'OIDC',
  ]),
  workload_identity_token: secret('Token for the workload identity provider OIDC.'),
  use_browser_authentication: flag('Sign in with a web browser (interactive).', false),
  password: secret('Password. Most accounts refuse sign-in by password alone; prefer a key pair.'),
};

/** Every setting of a connection with its description and default: the only place that lists them. */
export const connectionSettings = { ...connection, ...signIn };

/** The JSON Schema of the settings, for programs that need no more than a connection. */
export const connectionSchema = object(connectionSettings, { additionalProperties: false });

/** The settings, checked and with defaults filled in. */
export type ConnectionConfig = Infer<typeof connectionSchema>;
