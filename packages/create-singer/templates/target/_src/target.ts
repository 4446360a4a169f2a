import { defineTarget, object, required, string } from '@singer-io-ts/sdk';
import { about } from './about.js';
import { JsonLinesTarget } from './json-lines-target.js';

export const target = defineTarget({
  ...about,
  configSchema: object({ folder: required(string({ description: 'Where the files go.' })) }),
  open: ({ config }) => new JsonLinesTarget(config.folder),
});
