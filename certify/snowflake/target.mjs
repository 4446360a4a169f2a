import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NotPermitted } from '../report/findings.mjs';
import { expectEqual, expectRows } from '../report/answers.mjs';
import loads from '../contract/loads.json' with { type: 'json' };

const TARGET = fileURLToPath(new URL('../../node_modules/.bin/target-snowflake-ts', import.meta.url));

/** The target itself loads into the schema: every statement that it sends is tried in its place. */
export const target = {
  name: 'target',
  async run({ account, schema, env, check, signal }) {
    const session = await account.open({ suite: this.name, schema });
    for (const { name, settings, messages, sql, rows } of loads.loads) {
      await check(name, async () => {
        await runTarget({ env: { ...settingsOf(account.config), ...settings }, schema, messages, signal, base: env });
        expectRows(await session.ask(sql), rows);
      });
    }
  },
};

/** The connection as the target's own environment variables. */
function settingsOf(config) {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        `TARGET_SNOWFLAKE_TS_${name.toUpperCase()}`,
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      ]),
  );
}

/** Settings of the user's own target would win over, or mix with, those of this run. */
const withoutTarget = (env) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TARGET_SNOWFLAKE_TS_')));

async function runTarget({ env, schema, messages, signal, base }) {
  const child = spawn(process.execPath, [TARGET, '--config', 'ENV'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    signal,
    env: {
      ...withoutTarget(base),
      ...env,
      TARGET_SNOWFLAKE_TS_SCHEMA: schema,
      TARGET_SNOWFLAKE_TS_DEFAULT_TARGET_SCHEMA: schema,
    },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  child.stdout.resume();
  child.stdin.on('error', () => undefined);
  child.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  const [code] = await once(child, 'exit');
  const complaint = / ERROR +\S+ (.*)/.exec(said)?.[1] ?? said.trim().split('\n').at(-1);
  if (/003001|not granted|insufficient/i.test(complaint)) throw new NotPermitted(complaint);
  expectEqual(code === 0 ? 'loaded' : `exit ${code}: ${complaint}`, 'loaded');
}
