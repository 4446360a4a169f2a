/** A row of a result: numbers and dates come as text, so that no digit is lost. */
export type Row = Readonly<Record<string, string | null>>;

/** One file to upload. */
export interface Upload {
  /** The local file, absolute. */
  path: string;
  /** Its size in bytes, to check against what arrived. */
  bytes: number;
  /** The stage and folder, with its `@`. */
  location: string;
  compression: 'gzip' | 'none';
}

/**
 * A session of a warehouse, as narrow as this target needs it. Statements run one at a time in the order of the calls: a transaction
 * and the session's temporary objects belong to the session as a whole.
 */
export interface Session {
  /** Differs between sessions: what was made in one is not there in another. */
  readonly id: number;
  /** Whether it is known to be gone; nothing more can be run in it then. */
  readonly lost: boolean;
  /** Runs one statement, within a total deadline. @throws a LoadError */
  run(sql: string, options?: { timeoutMs?: number }): Promise<Row[]>;
  /** Uploads one file and makes sure that it arrived. May overlap with other uploads. @throws a LoadError */
  upload(file: Upload): Promise<void>;
  /** Ends the session; never throws. */
  close(): Promise<void>;
}

/** Opens sessions. */
export interface Warehouse {
  /** The session in use, opened, or opened anew after it was lost. @throws AuthenticationError or a LoadError */
  session(): Promise<Session>;
  close(): Promise<void>;
}
