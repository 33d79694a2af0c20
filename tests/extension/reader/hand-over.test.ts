import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SETUP = ['extension/reader/setup.mjs', '--packages'];

let folder: string;
/** A PATH whose `node` is not the one that is wanted: it says so, and fails. */
let path: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hand-over-')));
  const impostor = join(folder, 'node');
  await writeFile(impostor, '#!/bin/sh\necho an impostor\nexit 97\n');
  await chmod(impostor, 0o755);
  path = `${folder}:${process.env['PATH']}`;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function script(source: string): Promise<string> {
  const file = join(folder, `${crypto.randomUUID()}.ts`);
  await writeFile(file, source);
  return file;
}

/** Runs set-up and a file after it; `onLine` gets what the file says first. */
async function run(
  args: readonly string[],
  onLine: (kill: (signal: NodeJS.Signals) => void) => void = () => {},
) {
  const child = spawn(process.execPath, [...SETUP, ...args], {
    cwd: ROOT,
    env: { ...process.env, PATH: path },
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onLine((signal) => child.kill(signal));
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout };
}

test('a TypeScript file runs with the Node in node_modules, gets its arguments, and its exit code is passed on', async () => {
  const file = await script(
    `const told: readonly string[] = [process.execPath, ...process.argv.slice(2)];
     console.log(JSON.stringify(told)); process.exitCode = 7;`,
  );
  const { code, stdout } = await run([file, '--then', 'a b']);
  const pinned = await realpath(join(ROOT, 'node_modules/node/bin/node'));
  expect([code, JSON.parse(stdout)]).toEqual([7, [pinned, '--then', 'a b']]);
});

test('a signal reaches the file, which ends as it likes', async () => {
  const file = await script(
    `process.on('SIGTERM', () => process.exit(43)); setInterval(() => {}, 1000); console.log('ready');`,
  );
  expect(await run([file], (kill) => kill('SIGTERM'))).toMatchObject({ code: 43, signal: null });
});

test('a file that a signal ended ends the command by the same signal', async () => {
  const file = await script(`setInterval(() => {}, 1000); console.log('ready');`);
  expect(await run([file], (kill) => kill('SIGINT'))).toMatchObject({ code: null, signal: 'SIGINT' });
});
