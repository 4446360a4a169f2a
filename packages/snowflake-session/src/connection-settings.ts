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
    text(
      'The account identifier, such as `myorg-myaccount`; the part of the address before `.snowflakecomputing.com`.',
    ),
  ),
  user: text('The login name. Not needed with OAuth, access tokens and workload identity.'),
  database: required(text('The database that holds the tables.')),
  schema: text('The schema of streams whose name does not name one.'),
  warehouse: text("The warehouse that loads. Default: the user's."),
  role: text("The role that owns what is made. Default: the user's."),
  host: text('Another host than the account says, for private links and the local Snowflake.'),
  port: port('The port of `host`.'),
  protocol: withDefault(choice('`http` only for a local Snowflake.', ['https', 'http']), 'https'),
  login_timeout_seconds: count('How long signing in may take in all.', 60),
  statement_timeout_seconds: count('How long one statement may take in all, waiting for the warehouse included.', 3600),
  upload_timeout_seconds: count('How long the upload of one file may take in all.', 900),
  lock_timeout_seconds: count(
    "How long to wait for another run's lock. The locks of a killed run can last ten minutes.",
    900,
  ),
  query_tag: text('The QUERY_TAG of the session. Default: JSON with the names of app and run.'),
  quoted_identifiers_ignore_case: flag(
    'Sets the session parameter QUOTED_IDENTIFIERS_IGNORE_CASE. New names are upper case with both values; existing ones match in any case.',
    false,
  ),
  session_parameters: {
    type: 'object',
    description: 'More session parameters by name. What the load depends on cannot be changed here.',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  } as TypedSchema<Record<string, string | number | boolean>>,
  proxy_host: text('The host of an HTTP proxy. Default: the environment variables HTTPS_PROXY and NO_PROXY.'),
  proxy_port: port('The port of the proxy.'),
  proxy_user: text('The user of the proxy.'),
  proxy_password: secret('The password of the proxy.'),
  proxy_protocol: choice('How the proxy is reached.', ['http', 'https']),
  no_proxy: text('Hosts that are reached without the proxy, separated by `|`.'),
};

const signIn = {
  authenticator: text(
    'How to sign in: snowflake_jwt (key pair), oauth, oauth_client_credentials, programmatic_access_token, workload_identity, externalbrowser, ' +
      'snowflake (password) or an Okta URL. Default: what the settings allow, in this order.',
  ),
  private_key: secret('The private key for key pair sign-in: PEM, or the base64 of PEM or DER.'),
  private_key_path: text('A file with the private key, PEM or DER.'),
  private_key_passphrase: secret('The passphrase of an encrypted private key.'),
  oauth_access_token: secret('An OAuth access token.'),
  oauth_client_id: text('The client of the OAuth client credentials flow.'),
  oauth_client_secret: secret('The secret of the OAuth client credentials flow.'),
  oauth_token_request_url: text('Where the client credentials flow gets its token. Default: the account.'),
  oauth_scope: text('The scope asked for in the client credentials flow. Default: from the role.'),
  programmatic_access_token: secret('A programmatic access token of the user.'),
  workload_identity_provider: choice('Sign in as the workload that this runs in.', ['AWS', 'AZURE', 'GCP', 'OIDC']),
  workload_identity_token: secret('The token of workload identity provider OIDC.'),
  use_browser_authentication: flag('Sign in with the browser, for people.', false),
  password: secret('The password. Most accounts refuse sign-in by password alone; prefer a key pair.'),
};

/** Every setting of a connection with its description and default: the only place that lists them. */
export const connectionSettings = { ...connection, ...signIn };

/** The JSON Schema of the settings, for programs that need no more than a connection. */
export const connectionSchema = object(connectionSettings, { additionalProperties: false });

/** The settings, checked and with defaults filled in. */
export type ConnectionConfig = Infer<typeof connectionSchema>;
