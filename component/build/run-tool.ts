import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Runs a command-line tool of an installed package with the Node that runs this, whichever is first on the PATH. Its
 * output is shown.
 *
 * @param packageName as in package.json
 * @param tool as the package's `bin` calls it
 * @throws {Error} when the package is not installed, has no such tool, or the tool fails
 */
export function runTool(packageName: string, tool: string, args: readonly string[], cwd: string): void {
  const manifest = findPackageJSON(packageName, import.meta.url);
  if (manifest === undefined) throw new Error(`${packageName} is not installed.`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin?: string | Record<string, string> }; // npm's form.
  const file = typeof bin === 'string' ? bin : bin?.[tool];
  if (file === undefined) throw new Error(`${packageName} has no tool “${tool}”.`);
  execFileSync(process.execPath, [join(dirname(manifest), file), ...args], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
