import { ConfigError } from '@singer-io-ts/sdk';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PREFIX = 'target-snowflake-ts-';

/**
 * A folder for files that wait to be loaded: readable by its owner only, gone when the process ends, however it ends.
 * What a killed process left behind is removed by the next one.
 */
export class SpoolDirectory {
  #path: string | undefined;
  #files = 0;
  readonly #parent: string;
  readonly #remove = (): void => {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
  };

  /** @param parent @default the system's folder for temporary files */
  constructor(parent: string | undefined) {
    this.#parent = path.resolve(parent ?? tmpdir());
    if (/[*?[\]]/.test(this.#parent)) {
      throw new ConfigError({
        message: `setting "spool_directory" (environment variable TARGET_SNOWFLAKE_TS_SPOOL_DIRECTORY) must not hold any of * ? [ ], which PUT takes as patterns`,
        setting: 'spool_directory',
      });
    }
  }

  /** A path for a new file, whose name has no character that PUT would take as a pattern. The folder is made when first needed. */
  newFile(ending: string): string {
    this.#files += 1;
    return path.join(this.#open(), `${String(this.#files).padStart(6, '0')}${ending}`);
  }

  /** Removes the folder and everything in it. */
  close(): void {
    process.off('exit', this.#remove);
    this.#remove();
  }

  #open(): string {
    if (this.#path !== undefined) return this.#path;
    removeAbandoned(this.#parent);
    try {
      // mkdtemp makes folders with mode 0700.
      this.#path = mkdtempSync(path.join(this.#parent, `${PREFIX}${process.pid}-`));
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      throw new ConfigError({
        message: `cannot create a folder in ${this.#parent} (${code}); set "spool_directory" (environment variable TARGET_SNOWFLAKE_TS_SPOOL_DIRECTORY) to one that can be written`,
        setting: 'spool_directory',
        cause,
      });
    }
    process.once('exit', this.#remove);
    return this.#path;
  }
}

function removeAbandoned(parent: string): void {
  let names: string[];
  try {
    names = readdirSync(parent);
  } catch {
    return;
  }
  for (const name of names) {
    const pid = Number(/^target-snowflake-ts-(\d+)-/.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const folder = path.join(parent, name);
    try {
      if (statSync(folder).uid === process.getuid?.()) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another process removes it, too, or it is not ours.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
