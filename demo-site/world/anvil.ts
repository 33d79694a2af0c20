import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { dieTogether } from './watchdog.ts';

/** A running local chain. `stop` is idempotent and resolves when the process is gone. */
export type Anvil = {
  readonly rpcUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
};

/** Anvil is not installed for this machine, or did not start. */
export class AnvilError extends Error {
  override readonly name = 'AnvilError';
}

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
};

/**
 * Starts anvil on a free loopback port.
 *
 * @param chainId EIP-155 id that the chain reports
 * @throws AnvilError when the binary is missing or ends before it listens
 */
export async function startAnvil(chainId: number): Promise<Anvil> {
  const args = ['--host', '127.0.0.1', '--port', '0', '--chain-id', String(chainId)];
  const child = spawn(anvilBinary(), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const port = portOf(child, child.stdout, child.stderr);
  const { pid } = child;
  if (pid === undefined) throw await port.then(() => new AnvilError('anvil has no process id'));
  const watch = dieTogether(pid);
  // Its number may belong to a stranger once anvil is gone, so the watch must end with it.
  child.once('exit', () => watch.release());
  const stop = () => stopProcess(child);
  try {
    return { rpcUrl: `http://127.0.0.1:${await port}`, pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The platform's own executable: the launcher that npm links would survive as an orphan's parent. */
function anvilBinary(): string {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const name = `@foundry-rs/anvil-${process.platform}-${architectures[process.arch] ?? process.arch}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/anvil${suffix}`);
  } catch (cause) {
    throw new AnvilError(`The local chain needs ${name}, which is not installed.`, { cause });
  }
}

function portOf(child: ChildProcess, stdout: Readable, stderr: Readable): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const port = /Listening on [\d.]+:(\d+)\s/.exec(output)?.[1];
      if (port === undefined) return;
      stdout.off('data', read);
      // Anvil logs every call; an unread pipe would fill up and stop it.
      stdout.resume();
      resolve(Number(port));
    };
    stdout.on('data', read);
    stderr.on('data', (chunk: Buffer) => {
      if (output.length < 10_000) output += chunk.toString();
    });
    child.once('error', (cause) => reject(new AnvilError('anvil could not be started.', { cause })));
    child.once('exit', (code) => reject(new AnvilError(`anvil ended with code ${code}: ${output.trim()}`)));
  });
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  // It has nothing to save, and a polite signal takes it longer.
  child.kill('SIGKILL');
  await exit;
}
