import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Before the first test with a browser: packages, a Chromium, and builds of the sources as they are now. */
export function setup(): void {
  const script = fileURLToPath(new URL('../../extension/reader/setup.mjs', import.meta.url));
  execFileSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
}
