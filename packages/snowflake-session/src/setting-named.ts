/** The environment variable that a setting can be given in. */
export type EnvironmentVariable = (setting: string) => string;

/** How messages name a setting. */
export const settingNamed = (setting: string, environmentVariable: EnvironmentVariable): string =>
  `setting "${setting}" (environment variable ${environmentVariable(setting)})`;
