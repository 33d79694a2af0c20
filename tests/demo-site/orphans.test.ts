import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { hasEnded, isRunning } from './is-running.ts';

const script = fileURLToPath(new URL('lonely-world.ts', import.meta.url));

let parent: ChildProcess;

afterEach(() => parent.kill('SIGKILL'));

/** Starts a process with a world of its own and returns the process id of its chain. */
async function startLonelyWorld(ending = ''): Promise<number> {
  const child = spawn(process.execPath, [script, ending], { stdio: ['ignore', 'pipe', 'ignore'] });
  parent = child;
  const [line] = await once(child.stdout, 'data');
  return Number(String(line));
}

test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'the chain dies with a parent that gets %s',
  async (signal) => {
    const pid = await startLonelyWorld();
    expect(isRunning(pid)).toBe(true);
    parent.kill(signal);
    expect(await hasEnded(pid)).toBe(true);
  },
  30_000,
);

test.each(['exit', 'throw'])(
  'the chain dies with a parent that ends by %s',
  async (ending) => {
    expect(await hasEnded(await startLonelyWorld(ending))).toBe(true);
  },
  30_000,
);
