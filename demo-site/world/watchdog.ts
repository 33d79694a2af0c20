import { spawn } from 'node:child_process';

/** Ends the watch without killing anything. */
export type Watch = { release(): void };

/**
 * Kills the process `pid` when this process ends, however it ends.
 *
 * A helper waits on a pipe that only this process holds open. The system closes the pipe with the process, so even
 * `kill -9`, where no handler of ours could run, leaves nothing behind.
 *
 * @param pid process to take along, on this machine
 */
export function dieTogether(pid: number): Watch {
  const [command, args] = process.platform === 'win32' ? nodeHelper(pid) : shellHelper(pid);
  // A group of its own: a Ctrl-C in the terminal must reach us and not the helper before it has done its work.
  const helper = spawn(command, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  helper.on('error', (error) => console.warn(`No watchdog for process ${pid}: ${error.message}`));
  helper.unref();
  return { release: () => helper.kill('SIGKILL') };
}

function shellHelper(pid: number): readonly [string, readonly string[]] {
  return ['/bin/sh', ['-c', `read -r _; kill -9 ${pid}`]];
}

function nodeHelper(pid: number): readonly [string, readonly string[]] {
  return [process.execPath, ['-e', `process.stdin.resume().on('close', () => process.kill(${pid}))`]];
}
