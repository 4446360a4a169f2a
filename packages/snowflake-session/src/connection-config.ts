/** What a connection takes of the settings, checked and with defaults filled in. */
export interface ConnectionConfig {
  account: string;
  user?: string;
  database: string;
  schema?: string;
  warehouse?: string;
  role?: string;
  host?: string;
  port?: number;
  protocol: 'http' | 'https';

  authenticator?: string;
  password?: string;
  private_key?: string;
  private_key_path?: string;
  private_key_passphrase?: string;
  oauth_access_token?: string;
  oauth_client_id?: string;
  oauth_client_secret?: string;
  oauth_token_request_url?: string;
  oauth_scope?: string;
  programmatic_access_token?: string;
  workload_identity_provider?: 'AWS' | 'AZURE' | 'GCP' | 'OIDC';
  workload_identity_token?: string;
  use_browser_authentication: boolean;

  proxy_host?: string;
  proxy_port?: number;
  proxy_user?: string;
  proxy_password?: string;
  proxy_protocol?: 'http' | 'https';
  no_proxy?: string;
  query_tag?: string;
  session_parameters?: Record<string, string | number | boolean>;
  quoted_identifiers_ignore_case: boolean;
  login_timeout_seconds: number;
  statement_timeout_seconds: number;
  upload_timeout_seconds: number;
  lock_timeout_seconds: number;
}

/** The environment variable that a setting can be given in. */
export type EnvironmentVariable = (setting: string) => string;

/** How messages name a setting. */
export const settingNamed = (setting: string, environmentVariable: EnvironmentVariable): string =>
  `setting "${setting}" (environment variable ${environmentVariable(setting)})`;
