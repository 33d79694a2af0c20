// Gets a fresh clone ready: packages, a Chromium, the built extension and element. Plain Node ≥ 20 with nothing
// installed, quick when there is nothing to do, and silent then. Everything it says goes to stderr.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const say = (line) => process.stderr.write(`${line}\n`);

installPackages();
await installChromium();
build();

/** `npm ci` when the lockfile is not the one that node_modules was made from. */
function installPackages() {
  const stamp = join(root, 'node_modules', '.tuppence-lockfile');
  const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return;
  say('Installing packages (a minute or so, once) …');
  run('npm', ['ci', '--loglevel=error']);
  writeFileSync(stamp, lockfile);
}

/** An existing Chromium, Debian's package when we may install it, else Playwright's download. */
async function installChromium() {
  const { findChromium } = await import('./chromium.mjs');
  if ((await findChromium()) !== null) return;
  const debian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  say(`Installing Chromium (${debian ? "Debian's package" : "Playwright's build"}, once) …`);
  if (debian) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', 'chromium']);
  } else {
    run(process.execPath, [join(root, 'node_modules', 'playwright', 'cli.js'), 'install', 'chromium']);
  }
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
  run('npm', ['run', 'build', '--loglevel=error']);
  mkdirSync(dirname(built), { recursive: true });
  writeFileSync(built, '');
}

function newestChange(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const names = readdirSync(path).filter((name) => name !== 'node_modules' && name !== 'dist');
  return Math.max(stat.mtimeMs, ...names.map((name) => newestChange(join(path, name))));
}

/** Runs a step with all of its output on stderr: stdout belongs to the command that setup is for. */
function run(command, args) {
  const { error, status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error !== undefined) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`“${[command, ...args].join(' ')}” failed with exit code ${status}.`);
}

function fail(sentence) {
  say(`Setup failed. ${sentence}`);
  process.exit(4); // 1 would say of `npm run read` that a payment was refused.
}
