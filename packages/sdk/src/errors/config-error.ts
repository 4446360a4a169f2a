import { ExitCode, SingerError, type SingerErrorOptions } from './singer-error.js';

/** A setting is missing, unknown or wrong. The message names the setting and its environment variable. */
export class ConfigError extends SingerError {
  static override readonly mark: string = 'ConfigError';
  readonly code = 'CONFIG';
  override readonly exitCode = ExitCode.badUsage;
  /** The setting at fault, if it is one. */
  readonly setting: string | undefined;

  constructor({ setting, ...options }: SingerErrorOptions & { setting?: string }) {
    super(options);
    this.setting = setting;
  }
}
