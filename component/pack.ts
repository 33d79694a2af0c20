import { execFileSync } from 'node:child_process';
import { buildPackage } from './build/package.ts';
import { runTool } from './build/run-tool.ts';

process.env['NODE_ENV'] = 'production';

try {
  const cwd = await buildPackage();
  runTool('publint', 'publint', ['--strict'], cwd);
  runTool('@arethetypeswrong/cli', 'attw', ['--pack', '.', '--profile', 'esm-only', '--no-emoji'], cwd);
  execFileSync('npm', ['pack', '--pack-destination', '..', '--loglevel=error'], { cwd, stdio: 'inherit' });
} catch (error) {
  console.error(`The package could not be made. ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
