/**
 * Who may import whom. Lint holds it: the layers and packages in `eslint.config.mjs`, the circles of types in `scripts/lib/type-circles.mjs`.
 *
 * Layers are listed from the lowest up. A folder may import folders of lower layers; folders of one layer know nothing of each other,
 * unless they are written as one (`state+sync`). Files beside the folders stand above all of them. A folder that is not listed is free.
 */
export const LAYERS = {
  'packages/sdk/src': [
    ['errors', 'json', 'logging', 'concurrency'],
    ['schema', 'metrics'],
    ['messages', 'catalog', 'state', 'config', 'http'],
    ['mapping', 'check'],
    ['tap', 'target'],
    ['rest'],
    ['define'],
    ['cli'],
    ['testing', 'singer-cli'],
  ],
  'packages/tap-sevdesk/src': [['record', 'schema'], ['api'], ['state+sync'], ['streams', 'check']],
  'packages/target-snowflake-ts/src': [['settings'], ['plan'], ['values'], ['sql', 'spool'], ['tables'], ['load']],
  certify: [['report'], ['snowflake', 'sevdesk']],
  'dashboard/src': [['warehouse', 'charts'], ['filters+format+queries'], ['access', 'downloads', 'pages']],
};

/** What each package may import of the others, by name. Nothing reaches into another package's files. */
export const MAY_IMPORT = {
  'packages/sdk': [],
  'packages/create-singer': [],
  'packages/tap-sevdesk': ['@singer-io-ts/sdk'],
  'packages/tap-ecb': ['@singer-io-ts/sdk'],
  'packages/snowflake-session': ['@singer-io-ts/sdk'],
  'packages/target-snowflake-ts': ['@singer-io-ts/sdk', '@singer-io-ts/snowflake-session'],
  dashboard: ['@singer-io-ts/sdk', '@singer-io-ts/snowflake-session'],
};

const PACKAGES = [
  '@singer-io-ts/sdk',
  '@singer-io-ts/snowflake-session',
  'tap-sevdesk',
  'tap-ecb',
  'target-snowflake-ts',
  'create-singer',
  'sevdesk-dashboard',
];

/** Zones of ESLint's `no-restricted-paths`: from each folder all that lies beside or above it. */
export function forbiddenPaths() {
  return Object.entries(LAYERS).flatMap(([source, layers]) => {
    const groups = layers.map((layer) =>
      layer.map((group) => group.split('+').map((folder) => `./${source}/${folder}`)),
    );
    const zones = groups.flatMap((layer, height) =>
      layer.map((group) => ({
        target: group,
        from: groups
          .slice(height)
          .flat(2)
          .filter((folder) => !group.includes(folder)),
        message: 'A lower layer does not import a higher one, nor its neighbour: see LAYERS in scripts/lib/arrows.mjs.',
      })),
    );
    // Nothing lies above the top.
    return zones.filter(({ from }) => from.length > 0);
  });
}

/** For each package the names of the others that it may not import. */
export const forbiddenPackages = () =>
  Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
    files: [`${folder}/src/**/*.ts`],
    names: PACKAGES.filter((name) => !allowed.includes(name)),
  }));
