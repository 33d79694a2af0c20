import { execFileSync } from 'node:child_process';
import { buildPackage } from './build/package.ts';

process.env['NODE_ENV'] = 'production';
const bin = new URL('../node_modules/.bin/', import.meta.url).pathname;

try {
  const cwd = await buildPackage();
  execFileSync(`${bin}publint`, ['--strict'], { cwd, stdio: 'inherit' });
  execFileSync(`${bin}attw`, ['--pack', '.', '--profile', 'esm-only', '--no-emoji'], {
    cwd,
    stdio: 'inherit',
  });
  execFileSync('npm', ['pack', '--pack-destination', '..', '--loglevel=error'], { cwd, stdio: 'inherit' });
} catch (error) {
  console.error(`The package could not be made. ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
