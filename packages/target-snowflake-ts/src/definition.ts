import { ConfigError, envNameOf, type TargetDefinition } from '@singer-io-ts/sdk';
import { randomBytes } from 'node:crypto';
import { configSchema, type Config } from './settings/settings.js';
import { DryRunTarget, type DryRunOptions } from './dry-run.js';
import type { SealedStream } from './spool/sink.js';
import { SpoolDirectory } from './spool/spool-directory.js';
import { SnowflakeTarget } from './target.js';
import { TableKeeper } from './tables/table-keeper.js';
import { VERSION } from './version.js';
import { SnowflakeWarehouse } from '@singer-io-ts/snowflake-session';
import { namedStage } from './load/stage.js';

const NAME = 'target-snowflake-ts';

/** The target: settings, and how it is opened. Settings are checked at once; Snowflake is not spoken to before there is something to load. */
export const targetSnowflake: TargetDefinition<Config, SealedStream> = {
  name: NAME,
  version: VERSION,
  description: 'Singer target for Snowflake',
  configSchema,
  capabilities: ['batch', 'hard-delete', 'target-schema'],
  open({ config, logger, metrics, options }) {
    refuseUnsupported(config);
    const runId = randomBytes(6).toString('hex');
    const warehouse = new SnowflakeWarehouse({
      config,
      application: 'target_snowflake_ts',
      environmentVariable: (setting) => envNameOf(NAME, setting),
      queryTag: JSON.stringify({ app: NAME, run: runId }),
      logger,
    });
    const spool = new SpoolDirectory(config.spool_directory);
    const target = new SnowflakeTarget({ config, warehouse, spool, runId, version: VERSION, logger, metrics });
    const dryRun = options['dry-run'] === true;
    return {
      target: dryRun ? dryRunOf(target, { warehouse, tables: new TableKeeper(config, logger), runId }) : target,
      discardState: dryRun,
      policy: {
        maxRows: config.batch_size_rows,
        maxBytes: config.batch_size_bytes,
        maxAgeMs: config.batch_max_age_seconds * 1000,
      },
      validateRecords: config.validate_records,
    };
  },
};

function dryRunOf(
  target: SnowflakeTarget,
  options: Pick<DryRunOptions, 'warehouse' | 'tables' | 'runId'>,
): DryRunTarget {
  return new DryRunTarget({
    ...options,
    openSink: (message, line, source) => target.openSink(message, line, source),
    print: (text) => void process.stdout.write(`${text}\n`),
    close: (outcome) => target.close(outcome),
  });
}

function refuseUnsupported({ ingestion_method, stage }: Config): void {
  if (ingestion_method === 'snowpipe_streaming') {
    throw new ConfigError({
      message:
        'setting "ingestion_method": snowpipe_streaming is not there; leave it out, file_staging loads with COPY and MERGE',
      setting: 'ingestion_method',
    });
  }
  if (stage !== 'temporary' && stage !== 'user') namedStage(stage);
}
