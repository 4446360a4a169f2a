/** A row of a result: numbers and dates come as text, so that no digit is lost. */
export type Row = Readonly<Record<string, string | null>>;

/** Files to upload with one PUT. */
export interface Upload {
  /** The local file, absolute, or a pattern with `*` that names the files and no other. */
  pattern: string;
  /** Sizes by file name, to check against what arrived. */
  bytes: ReadonlyMap<string, number>;
  /** The stage and folder, with its `@`. */
  location: string;
  compression: 'GZIP' | 'ZSTD' | 'NONE';
}

export interface RunOptions {
  /**
   * For how long to wait for the answer in all.
   *
   * @default the setting `statement_timeout_seconds`, and a minute for the answer to arrive
   */
  timeoutMs?: number;
  /**
   * What is being done, in words for the user: errors begin with it.
   *
   * @default what kind of statement it is
   */
  what?: string;
  /**
   * Values for each `?` in the statement, in order.
   *
   * @default none
   */
  binds?: readonly string[];
  /**
   * Gives the statement up, with the signal's reason.
   *
   * @default the deadline alone
   */
  signal?: AbortSignal | undefined;
  /**
   * Whether the statement waits for those asked for before it. `false` only outside of a transaction, for statements that do not need each
   * other.
   *
   * @default true
   */
  inTurn?: boolean;
}

/**
 * A session of a warehouse, as narrow as it is needed. Statements run one at a time in the order of the calls: a transaction
 * and the session's temporary objects belong to the session as a whole.
 */
export interface Session {
  /** Differs between sessions: what was made in one is not there in another. */
  readonly id: number;
  /** Whether it is known to be gone; nothing more can be run in it then. */
  readonly lost: boolean;
  /** Runs one statement, within a total deadline. @throws a LoadError */
  run(sql: string, options?: RunOptions): Promise<Row[]>;
  /**
   * Runs statements in their order in one request; resolves to each one's rows. One that is refused ends it; what those before it did stands.
   *
   * @param statements none may end in a semicolon; a request takes a megabyte of them
   * @param options `timeoutMs` is for all of them; the default is what so many statements may take one by one
   * @throws a LoadError, which need not tell which of them was refused
   */
  runTogether(statements: readonly string[], options?: Omit<RunOptions, 'binds'>): Promise<Row[][]>;
  /** Runs one statement and hands its rows on as they come. @throws a LoadError */
  stream(sql: string, options?: RunOptions): AsyncIterable<Row>;
  /** Begins a transaction. Statements after it belong to it, up to `commit` or `rollback`. @throws a LoadError */
  begin(): Promise<void>;
  /** Ends the transaction, keeping what it did. @throws a LoadError; a WarehouseUnavailableError leaves open whether it took effect */
  commit(): Promise<void>;
  /** Ends the transaction, undoing what it did. @throws a LoadError */
  rollback(): Promise<void>;
  /** Uploads files, one after the other, and makes sure that they arrived. May overlap with other uploads. @throws a LoadError */
  upload(file: Upload): Promise<void>;
  /** Ends the session; never throws. */
  close(): Promise<void>;
}

/** Opens sessions. */
export interface Warehouse {
  /** The session in use, opened, or opened again after it was lost. @throws AuthenticationError, ConfigError or a LoadError */
  session(): Promise<Session>;
  close(): Promise<void>;
}
