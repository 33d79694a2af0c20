// Gets a fresh clone ready, then runs one of its TypeScript files with the Node that it pins:
//
//   node extension/reader/setup.mjs [--packages] [FILE [ARGUMENTS …]]
//
// Ready means: packages, a Chromium, the built extension and element; with `--packages` only those. Plain Node ≥ 20
// with nothing installed, quick when there is nothing to do, and silent then. Everything it says goes to stderr.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handOver } from './hand-over.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const say = (line) => process.stderr.write(`${line}\n`);

const onlyPackages = process.argv[2] === '--packages';
const [file, ...args] = process.argv.slice(onlyPackages ? 3 : 2);

installPackages();
if (!onlyPackages) {
  await installChromium();
  build();
}
if (file !== undefined) handOver(pinnedNode(), [resolve(root, file), ...args]);

/** `npm ci` when the lockfile is not the one that node_modules was made from. */
function installPackages() {
  const stamp = join(root, 'node_modules', '.tuppence-lockfile');
  const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return;
  say('Installing packages (a minute or so, once) …');
  run('npm', ['ci', '--loglevel=error']);
  writeFileSync(stamp, lockfile);
}

/**
 * The Node of package.json by its path. A shell that has started `node` before the packages were installed keeps to
 * that one, whatever npm has put on the PATH since; an older one does not know TypeScript.
 */
function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(root, 'node_modules', 'node', 'bin', name);
  if (existsSync(path)) return path;
  if (process.features.typescript) return process.execPath; // Installed without install scripts.
  fail('Node 24 is not in node_modules: npm may be set to ignore install scripts.');
}

/** An existing Chromium, Debian's package when we may install it, else Playwright's download. */
async function installChromium() {
  const { findChromium } = await import('./chromium.mjs');
  if ((await findChromium()) !== null) return;
  const debian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (debian) {
    say("Installing Chromium (Debian's package, once) …");
    succeeds('apt-get', ['update', '-qq']);
    if (succeeds('apt-get', ['install', '-y', '-qq', 'chromium']) && (await findChromium()) !== null) return;
  }
  say("Installing Chromium (Playwright's build, once) …");
  run(process.execPath, [join(root, 'node_modules', 'playwright', 'cli.js'), 'install', 'chromium']);
  if ((await findChromium()) === null) fail('No Chromium was found after installing one. Set CHROMIUM_PATH.');
}

/** The extension and the element, when a source is newer than what was built. */
function build() {
  const built = join(root, '.output', '.built');
  const sources = ['component', 'extension', 'package-lock.json', 'wxt.config.ts'];
  const results = ['.output/chrome-mv3/manifest.json', 'component/dist/cdn/x402-paywall.js'];
  const isThere = [built, ...results.map((name) => join(root, name))].every((path) => existsSync(path));
  const newest = Math.max(...sources.map((name) => newestChange(join(root, name))));
  if (isThere && statSync(built).mtimeMs >= newest) return;
  say('Building the extension and the element …');
  run('npm', ['run', 'build', '--loglevel=error'], 'only when it fails');
  mkdirSync(dirname(built), { recursive: true });
  writeFileSync(built, '');
}

function newestChange(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const names = readdirSync(path).filter((name) => name !== 'node_modules' && name !== 'dist');
  return Math.max(stat.mtimeMs, ...names.map((name) => newestChange(join(path, name))));
}

/** Runs a step, and ends here when it fails. */
function run(command, args, shown = 'always') {
  const { error, status, output } = start(command, args, shown === 'always' ? 2 : 'pipe');
  if (error !== undefined) fail(`${command} could not be started: ${error.message}`);
  if (status === 0) return;
  if (output !== null) say(output.filter((text) => text !== null).join(''));
  fail(`“${[command, ...args].join(' ')}” failed with exit code ${status}.`);
}

function succeeds(command, args) {
  return start(command, args, 2).status === 0;
}

/** All output of a step goes to stderr: stdout belongs to the command that setup is for. */
function start(command, args, output) {
  return spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', output, output],
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

function fail(sentence) {
  say(`Setup failed. ${sentence}`);
  process.exit(4); // 1 would say of `npm run read` that a payment was refused.
}
