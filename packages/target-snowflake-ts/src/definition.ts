import { ConfigError, type TargetDefinition } from '@singer-io-ts/sdk';
import { randomBytes } from 'node:crypto';
import { configSchema, type Config } from './config.js';
import type { SealedStream } from './sink.js';
import { SpoolDirectory } from './spool/spool-directory.js';
import { SnowflakeTarget } from './target.js';
import { VERSION } from './version.js';
import { SnowflakeWarehouse } from './warehouse/snowflake.js';
import { namedStage } from './warehouse/stage.js';

/** The target: settings, and how it is opened. Settings are checked at once; Snowflake is not spoken to before there is something to load. */
export const targetSnowflake: TargetDefinition<Config, SealedStream> = {
  name: 'target-snowflake-ts',
  version: VERSION,
  description: 'Singer target for Snowflake',
  configSchema,
  capabilities: ['batch', 'hard-delete', 'target-schema'],
  open({ config, logger, metrics }) {
    refuseUnsupported(config);
    const runId = randomBytes(6).toString('hex');
    return {
      target: new SnowflakeTarget({
        config,
        warehouse: new SnowflakeWarehouse({ config, runId, logger }),
        spool: new SpoolDirectory(config.spool_directory),
        runId,
        version: VERSION,
        logger,
        metrics,
      }),
      policy: { maxRows: config.batch_size_rows, maxBytes: config.batch_size_bytes, maxAgeMs: config.batch_max_age_seconds * 1000 },
      validateRecords: config.validate_records,
    };
  },
};

function refuseUnsupported({ ingestion_method, stage }: Config): void {
  if (ingestion_method === 'snowpipe_streaming') {
    throw new ConfigError({
      message: 'setting "ingestion_method": snowpipe_streaming is not there; leave it out, file_staging loads with COPY and MERGE',
      setting: 'ingestion_method',
    });
  }
  if (stage !== 'temporary' && stage !== 'user') namedStage(stage);
}
