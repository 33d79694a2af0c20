// Both commands of the README, each as the first thing that is done in a fresh clone, with the system's Node at 20, 22
// and 24, as root and as an ordinary user. Prints a table; ends with 1 when a run failed. As root on Linux, since it
// makes the ordinary user. Plain Node ≥ 20 with nothing installed:
//
//   node tests/trials/fresh-clone.mjs [--nodes 20,22,24] [--users root,user] [--] [COMMAND …]
//
// A COMMAND is one word for the shell, such as 'npm start'.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20,22,24' },
    users: { type: 'string', default: 'root,user' },
  },
  allowPositionals: true,
});
/** Of the suite, what covers the core and has a browser buy something: enough to see that everything was set up. */
const COMMANDS = ['npm start', 'npm test -- tests/core tests/e2e/restart.test.ts'];
const USER = 'tuppence-trial';

const source = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tuppence-fresh-'));
chmodSync(folder, 0o755);
const registry = output('npm', ['config', 'get', 'registry']);
const rows = [];

try {
  for (const node of values.nodes.split(','))
    for (const user of values.users.split(','))
      for (const command of positionals.length > 0 ? positionals : COMMANDS)
        rows.push(trial(node, user, command));
} finally {
  rmSync(folder, { recursive: true, force: true });
  if (values.users.includes('user')) spawnSync('userdel', ['--remove', USER], { stdio: 'ignore' });
}
console.log(
  '\n| system’s Node | as | first command | ended with | seconds | last line |\n|---|---|---|---|---|---|',
);
for (const { version, user, command, code, seconds, last } of rows)
  console.log(`| ${version} | ${user} | \`${command}\` | ${code} | ${seconds} | ${last} |`);
process.exitCode = rows.every(({ code }) => code === 0) ? 0 : 1;

/** One command in one clone, which is gone afterwards. Its output goes to stderr. */
function trial(node, user, command) {
  const bin = installNode(node);
  const home = join(folder, 'home');
  const clone = join(folder, 'clone');
  const temporary = join(folder, 'temporary');
  for (const path of [home, temporary]) mkdirSync(path);
  must('git', ['clone', '--quiet', source, clone]);
  const ids = user === 'root' ? {} : ordinaryUser();
  if (user !== 'root') must('chown', ['-R', `${USER}:`, home, clone, temporary]);
  const env = environment({ HOME: home, TMPDIR: temporary, PATH: `${bin}:/usr/local/bin:/usr/bin:/bin` });
  process.stderr.write(`\n=== Node ${node}, ${user}: ${command}\n`);
  const began = Date.now();
  const options = {
    cwd: clone,
    env,
    ...ids,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1e9,
  };
  const { status, signal, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], options);
  process.stderr.write(stderr + stdout);
  const seconds = Math.round((Date.now() - began) / 1000);
  const version = output(join(bin, 'node'), ['--version']);
  for (const path of [home, clone, temporary]) rmSync(path, { recursive: true, force: true });
  return { version, user, command, code: status ?? signal, seconds, last: lastLine(stdout) };
}

/** A Node of that major version, and the system's npm, which it runs. @returns where its `node` is. */
function installNode(major) {
  const place = join(folder, `node-${major}`);
  const bin = join(place, 'node_modules', 'node', 'bin');
  mkdirSync(place, { recursive: true });
  must('npm', ['install', '--prefix', place, '--loglevel=error', '--no-audit', '--no-fund', `node@${major}`]);
  return bin;
}

function ordinaryUser() {
  spawnSync('useradd', ['--create-home', USER], { stdio: 'ignore' }); // It may be there from a run that was cut short.
  return { uid: Number(output('id', ['-u', USER])), gid: Number(output('id', ['-g', USER])) };
}

/** What a login has: nothing of the npm or the tests that may have started this, and no display. */
function environment(own) {
  const isKept = ([name]) => !/^(npm_|INIT_CWD|NODE$|VITEST|DISPLAY|WAYLAND_DISPLAY|XDG_|SUDO_)/.test(name);
  const kept = Object.fromEntries(Object.entries(process.env).filter(isKept));
  return { ...kept, npm_config_registry: registry, CI: 'true', ...own };
}

function lastLine(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal.
  const lines = text.replace(/\u001b\[[\d;]*m/g, '').split('\n');
  return (lines.findLast((line) => line.trim() !== '') ?? '').trim().replaceAll('|', '\\|');
}

function output(command, args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout.trim();
}

function must(command, args) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`“${[command, ...args].join(' ')}” failed.`);
}
