import { ConfigError } from '@singer-io-ts/sdk';
import { readFileSync } from 'node:fs';
import type { ConnectionConfig } from './connection-settings.js';
import { settingNamed, type EnvironmentVariable } from './setting-named.js';
import { loadPrivateKey } from './private-key.js';

/** The part of the driver's connection options that signs in. */
export interface SignIn {
  /** For messages: what signs in. */
  method: string;
  options: Record<string, string>;
}

type SignInConfig = Pick<
  ConnectionConfig,
  | 'authenticator'
  | 'user'
  | 'password'
  | 'private_key'
  | 'private_key_path'
  | 'private_key_passphrase'
  | 'oauth_access_token'
  | 'oauth_client_id'
  | 'oauth_client_secret'
  | 'oauth_token_request_url'
  | 'oauth_scope'
  | 'programmatic_access_token'
  | 'workload_identity_provider'
  | 'workload_identity_token'
  | 'use_browser_authentication'
>;

/** The value of a setting that a method cannot do without. */
type Need = (setting: keyof SignInConfig, method: string) => string;

/** The methods in the order in which they are chosen when no authenticator is named: the safest of those that the settings allow. */
const METHODS: Record<
  string,
  {
    chosenBy: (config: SignInConfig) => boolean;
    options: (config: SignInConfig, need: Need, environmentVariable: EnvironmentVariable) => SignIn;
  }
> = {
  externalbrowser: {
    chosenBy: (config) => config.use_browser_authentication,
    options: (_config, need) => ({
      method: 'browser',
      options: { authenticator: 'EXTERNALBROWSER', username: need('user', 'browser sign-in') },
    }),
  },
  snowflake_jwt: {
    chosenBy: ({ private_key, private_key_path }) => Boolean(private_key ?? private_key_path),
    options: (config, need, environmentVariable) => ({
      method: 'key pair',
      options: {
        authenticator: 'SNOWFLAKE_JWT',
        username: need('user', 'key pair sign-in'),
        privateKey: loadPrivateKey(config, readFileSync, environmentVariable),
      },
    }),
  },
  workload_identity: {
    chosenBy: ({ workload_identity_provider }) => Boolean(workload_identity_provider),
    options: (_config, need) => {
      const provider = need('workload_identity_provider', 'workload identity');
      const options: Record<string, string> = {
        authenticator: 'WORKLOAD_IDENTITY',
        workloadIdentityProvider: provider,
      };
      if (provider === 'OIDC') options['token'] = need('workload_identity_token', 'workload identity provider OIDC');
      return { method: 'workload identity', options };
    },
  },
  oauth_client_credentials: {
    chosenBy: ({ oauth_client_id, oauth_client_secret }) => Boolean(oauth_client_id && oauth_client_secret),
    options: (config, need) => ({
      method: 'OAuth client credentials',
      options: {
        authenticator: 'OAUTH_CLIENT_CREDENTIALS',
        oauthClientId: need('oauth_client_id', 'the client credentials flow'),
        oauthClientSecret: need('oauth_client_secret', 'the client credentials flow'),
        ...optional('oauthTokenRequestUrl', config.oauth_token_request_url),
        ...optional('oauthScope', config.oauth_scope),
        ...optional('username', config.user),
      },
    }),
  },
  oauth: {
    chosenBy: ({ oauth_access_token }) => Boolean(oauth_access_token),
    options: (config, need) => ({
      method: 'OAuth token',
      options: {
        authenticator: 'OAUTH',
        token: need('oauth_access_token', 'OAuth'),
        ...optional('username', config.user),
      },
    }),
  },
  programmatic_access_token: {
    chosenBy: ({ programmatic_access_token }) => Boolean(programmatic_access_token),
    options: (config, need) => ({
      method: 'programmatic access token',
      options: {
        authenticator: 'PROGRAMMATIC_ACCESS_TOKEN',
        token: need('programmatic_access_token', 'sign-in by access token'),
        ...optional('username', config.user),
      },
    }),
  },
  snowflake: {
    chosenBy: ({ password }) => Boolean(password),
    options: (_config, need) => password(need, 'SNOWFLAKE'),
  },
};

/**
 * Chooses how to sign in and checks that everything that it needs is there.
 *
 * @throws {ConfigError} naming the missing setting and its environment variable
 */
export function chooseSignIn(config: SignInConfig, environmentVariable: EnvironmentVariable): SignIn {
  const need: Need = (setting, method) => {
    const value = config[setting];
    if (typeof value === 'string' && value !== '') return value;
    throw new ConfigError({
      message: `${settingNamed(setting, environmentVariable)} is missing, which ${method} needs; set it`,
      setting,
    });
  };
  const { authenticator } = config;
  if (authenticator === undefined) {
    const method = Object.values(METHODS).find(({ chosenBy }) => chosenBy(config));
    if (method) return method.options(config, need, environmentVariable);
    throw new ConfigError({
      message:
        `nothing to sign in with: set private_key_path (${environmentVariable('private_key_path')}), private_key, oauth_access_token, programmatic_access_token, ` +
        `workload_identity_provider, use_browser_authentication or password (${environmentVariable('password')})`,
      setting: 'private_key_path',
    });
  }
  if (/^https:\/\/[^/]+\.okta(preview)?\.com\/?/i.test(authenticator)) return password(need, authenticator);
  const method = METHODS[authenticator.toLowerCase()];
  if (method) return method.options(config, need, environmentVariable);
  throw new ConfigError({
    message: `${settingNamed('authenticator', environmentVariable)} must be one of ${Object.keys(METHODS).join(', ')}, or an Okta URL`,
    setting: 'authenticator',
  });
}

const password = (need: Need, authenticator: string): SignIn => ({
  method: 'password',
  options: {
    authenticator,
    username: need('user', 'sign-in by password'),
    password: need('password', 'sign-in by password'),
  },
});

const optional = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };
