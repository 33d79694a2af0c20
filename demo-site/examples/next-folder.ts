import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const EXAMPLE = fileURLToPath(new URL('next/', import.meta.url));
/** Not in the workspaces: Next is larger than all that the magazine needs, and only its test uses it. */
export const NEXT_FOLDER = fileURLToPath(new URL('../../node_modules/.cache/next-example/', import.meta.url));

/** A folder with the packages of the Next example. Quick when they are there already. */
export async function installNext(): Promise<void> {
  const stamp = `${NEXT_FOLDER}installed`;
  const lockfile = await readFile(`${EXAMPLE}package-lock.json`, 'utf8');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === lockfile) return;
  process.stderr.write('Installing Next for its example (half a minute, once) …\n');
  await rm(NEXT_FOLDER, { recursive: true, force: true });
  await mkdir(NEXT_FOLDER, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) await cp(EXAMPLE + name, NEXT_FOLDER + name);
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund'];
  // Its output goes to stderr, as all of setup's does.
  execFileSync('npm', args, {
    cwd: NEXT_FOLDER,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  await writeFile(stamp, lockfile);
}

if (import.meta.main) await installNext();
