#!/usr/bin/env node
/**
 * Stands in for `systemctl` in tests of a deploy: everything is as the units say, but for systemd itself. It reads their commands,
 * environment, umask and dependence on each other, and runs them as SERVICE_UID. `stop-all` ends what it started.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const units = process.env['SYSTEMD_UNIT_DIR'];
const uid = Number(process.env['SERVICE_UID']);
const state = path.join(units, 'running');
const ORDER = ['sevdesk-code-location', 'sevdesk-dagster-daemon', 'sevdesk-dagster-webserver', 'sevdesk-webhook'];

function readUnit(name) {
  const lines = readFileSync(path.join(units, `${name}.service`), 'utf8').split('\n');
  const all = (key) => lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  return { all, one: (key) => all(key)[0] ?? '' };
}

function environmentOf({ all }) {
  const pairs = all('EnvironmentFile').flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const known = Object.fromEntries(
    [...pairs, ...all('Environment')]
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { PATH: process.env['PATH'], ...known };
}

const alive = (pid) => existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));

function stop(name) {
  const file = path.join(state, name);
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    try {
      process.kill(-pid, signal);
    } catch {
      return;
    }
    for (let i = 0; i < 600 && alive(pid); i += 1) spawnSync('sleep', ['0.1']);
  }
}

function start(name) {
  const unit = readUnit(name);
  const env = environmentOf(unit);
  const words = (command) => command.replace(/\$\{(\w+)\}/g, (_, variable) => env[variable] ?? '').split(' ');
  // Without setpriv where the tests do not run as root: then the service user is who runs them.
  const as =
    process.getuid() === 0 ? ['setpriv', '--reuid', uid, '--regid', uid, '--clear-groups'].map(String) : ['env'];
  const shell = ['bash', '-c', `umask ${unit.one('UMask')}; exec "$@"`, 'unit'];
  const options = { cwd: unit.one('WorkingDirectory'), env };
  for (const command of unit.all('ExecStartPre')) {
    const { status, stderr } = spawnSync(as[0], [...as.slice(1), ...shell, ...words(command)], options);
    if (status !== 0) process.stderr.write(`${name}: ${command}: ${String(stderr)}`);
  }
  const log = openSync(path.join(units, `${name}.log`), 'a');
  const command = [...as.slice(1), ...shell, ...words(unit.one('ExecStart'))];
  const child = spawn(as[0], command, { ...options, detached: true, stdio: ['ignore', log, log] });
  child.unref();
  writeFileSync(path.join(state, name), String(child.pid));
}

mkdirSync(state, { recursive: true });
const [verb, ...names] = process.argv.slice(2);
if (verb === 'restart') {
  const known = readdirSync(units).filter((file) => file.endsWith('.service'));
  const bound = known
    .map((file) => file.replace('.service', ''))
    .filter((name) => names.includes(readUnit(name).one('PartOf').replace('.service', '')));
  const wanted = ORDER.filter((name) => names.includes(name) || bound.includes(name));
  for (const name of wanted.toReversed()) stop(name);
  for (const name of wanted) start(name);
} else if (verb === 'stop-all') {
  for (const name of ORDER.toReversed()) stop(name);
}
