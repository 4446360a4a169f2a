/** What a code of Snowflake or of its driver means for whoever gets it. */
export type Meaning =
  /** The credentials are refused; trying again cannot help and may lock the user. */
  | { kind: 'sign-in refused'; advice?: string }
  /** A setting names something that is not there or not granted. Of several, Snowflake's text says which. */
  | { kind: 'wrong setting'; settings: readonly ('role' | 'warehouse' | 'database' | 'schema')[] }
  | { kind: 'session over' }
  /** The statement lost against another transaction. */
  | { kind: 'lock conflict' }
  /** An error inside Snowflake, of which its text says whether it was a conflict. */
  | { kind: 'internal' }
  | { kind: 'cancelled' }
  | { kind: 'right missing' }
  | { kind: 'no warehouse' }
  /** The session was opened when its database or schema was not there or not granted yet. */
  | { kind: 'no database' }
  | { kind: 'object missing' }
  /** It is there, and the role may not see it. */
  | { kind: 'object hidden' }
  | { kind: 'column missing' }
  /** Made by another session between the look and the CREATE. */
  | { kind: 'object exists' }
  | { kind: 'staged file missing' }
  /** A value does not fit its column. */
  | { kind: 'bad value' };

const MFA =
  'the account does not let this user in by password alone: use a key pair (private_key_path), an access token or workload identity';
const ID_PROVIDER = 'check the identity provider and setting "authenticator"';
const OAUTH = 'the token is wrong or has expired: get a new one';
const PAT =
  'the token is wrong, has expired or is disabled: make a new one (ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN)';

const refused = (advice?: string): Meaning => ({
  kind: 'sign-in refused',
  ...(advice === undefined ? {} : { advice }),
});
const setting = (...settings: ('role' | 'warehouse' | 'database' | 'schema')[]): Meaning => ({
  kind: 'wrong setting',
  settings,
});
const all = (kind: Exclude<Meaning['kind'], 'wrong setting'>, codes: string): [string, Meaning][] =>
  codes.split(' ').map((code) => [code, { kind }]);

/**
 * The codes that are known, one by one: Snowflake numbers neighbours that have nothing in common. The only place that lists them.
 * Sources: Snowflake's documentation (key pair troubleshooting, COPY, transactions), the constants of its public drivers, public issues.
 */
const CODES: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  // signing in: users, passwords, keys
  ['390100', refused()],
  ['390101', refused('the user is disabled: an administrator can enable it (ALTER USER … SET DISABLED = FALSE)')],
  ['390102', refused('the user is locked after failed attempts: wait 15 minutes, or let an administrator unlock it')],
  ['390103', refused()],
  ['390144', refused()],
  // signing in: a second factor
  ['390120', refused(MFA)],
  ['390122', refused(MFA)],
  ['390123', refused(MFA)],
  ['390126', refused(MFA)],
  ['390127', refused(MFA)],
  ['390129', refused(MFA)],
  ['390197', refused(MFA)],
  ['394507', refused(MFA)],
  // signing in: identity providers and tokens
  ['390190', refused(ID_PROVIDER)],
  ['390191', refused('the identity provider knows another user: check setting "user"')],
  ['390195', refused('the cached sign-in has expired: sign in with the browser again')],
  ['390303', refused(OAUTH)],
  ['390318', refused(OAUTH)],
  ['394400', refused(PAT)],
  ['394401', refused(PAT)],
  // signing in: from where
  ['390422', refused("this machine's address is not allowed by the network policy: let an administrator add it")],
  ['390432', refused('access tokens need a network policy: let an administrator set one for the user')],
  // signing in: what the settings name
  ['390186', setting('role')],
  ['390189', setting('role')],
  ['390317', setting('role')],
  ['390201', setting('warehouse', 'database', 'schema')],
  ...all('session over', '390104 390108 390110 390111 390112 390114 390115 405503 407001 407002'),
  ...all('lock conflict', '000625 000635 000639 001996 200001'),
  ...all('internal', '000603'),
  ...all('cancelled', '000604 000605 000630 000709'),
  ...all('right missing', '003001'),
  ...all('object hidden', '003041'),
  ...all('no warehouse', '000606 000607'),
  ...all('no database', '090105 090106'),
  ...all('object missing', '002003 002043'),
  ...all('column missing', '000904'),
  ...all('object exists', '002002 001430'),
  ...all('staged file missing', '091016'),
  ...all(
    'bad value',
    '100035 100037 100038 100039 100040 100041 100046 100051 100058 100065 100069 100071 100072 100074 100077 100078 100079 100080 ' +
      '100082 100083 100089 100094 100096 100097 100098 100108 100132',
  ),
]);

/** What a code means; undefined when it is not known here. */
export const meaningOf = (code: string): Meaning | undefined => CODES.get(code);

/** Whether a code, of the driver or of the operating system, says that the connection broke or never came about. */
export const isNetworkCode = (code: string): boolean => /^40[12]\d{3}$/.test(code) || /^0*E[A-Z]+$/.test(code);

/** Whether a code of the driver says that the settings make no connection. */
export const isSettingsCode = (code: string): boolean => /^404\d{3}$/.test(code);
