import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { buildPackage } from './build/package.ts';
import { runTool } from './build/run-tool.ts';

process.env['NODE_ENV'] = 'production';

try {
  const cwd = await buildPackage();
  runTool('publint', 'publint', ['--strict'], cwd);
  runTool('@arethetypeswrong/cli', 'attw', ['--pack', '.', '--profile', 'esm-only', '--no-emoji'], cwd);
  const pack = ['pack', '--pack-destination', '..', '--loglevel=error'];
  const name = execFileSync('npm', pack, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
  console.log(`\nThe package is ${resolve(cwd, '..', name)}`);
} catch (error) {
  console.error(`The package could not be made. ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
