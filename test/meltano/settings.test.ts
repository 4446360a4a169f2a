import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../ci/run-tool.js';

const execute = promisify(execFile);
const meltano = path.join(root, '.venvs/meltano/bin/meltano');

interface Schema {
  type: string | string[];
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  'x-singer.date'?: boolean;
}

/** A value that is neither the default nor one that another type could hold as well. */
function example({ type, enum: values, default: fallback, minimum = 0, 'x-singer.date': date }: Schema): unknown {
  if (values) return values.at(-1);
  if (date) return '2024-02-29';
  switch ([type].flat()[0]) {
    case 'integer':
      return minimum + 7;
    case 'number':
      return minimum + 0.5;
    case 'boolean':
      return fallback !== true;
    case 'array':
      return ['a', 'b'];
    case 'object':
      return { a: { b: [1, null] } };
    default:
      return 'some text';
  }
}

// A setting of another kind than the schema's reaches the plugin as something else, or ends Meltano with a traceback.
describe.each(['tap-sevdesk', 'tap-ecb', 'target-snowflake-ts'])('the settings of %s', (plugin) => {
  it('reach it through Meltano as the schema has them, each given as an environment variable', async () => {
    const { stdout: about } = await execute(path.join(root, 'node_modules/.bin', plugin), ['--about', '--format=json']);
    const { properties } = (JSON.parse(about) as { settings: { properties: Record<string, Schema> } }).settings;
    const wanted = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, example(schema)]));
    const variables = Object.entries(wanted).map(([name, value]) => [
      `${plugin.replaceAll('-', '_')}_${name}`.toUpperCase(),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const { stdout } = await execute(
      meltano,
      ['--log-level=error', '--environment=prod', 'invoke', '--dump=config', plugin],
      { cwd: root, env: { ...process.env, MELTANO_PROJECT_ROOT: root, ...Object.fromEntries(variables) } },
    );
    expect(JSON.parse(stdout)).toEqual(wanted);
  });
});
